/** What threads do together without holding a lock while they work. */
package org.dropzonebackup.core.threads;
