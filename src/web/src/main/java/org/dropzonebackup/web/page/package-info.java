/** The upload page: what it tells of the server and of a form that was sent, in the languages it speaks. */
package org.dropzonebackup.web.page;
