/** The HTTP side of {@link org.dropzonebackup.core.events}. */
package org.dropzonebackup.web.events;
