/** What administrators read. Imports nothing. */
package org.dropzonebackup.core.log;
