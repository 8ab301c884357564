/**
 * Uploads over HTTP: what the request says, the bodies, and the asynchronous way from the socket to the receipt. Whole
 * uploads are answered here; {@code tus} and {@code resumable}, which do not know each other, take the same way for pieces.
 */
package org.dropzonebackup.web.upload;
