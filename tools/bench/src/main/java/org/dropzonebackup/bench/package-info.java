/** Programs that break the finished server, or load it, and look what is left. Never shipped. */
package org.dropzonebackup.bench;
