/** Uploads over HTTP: what the request says, the bodies, and the asynchronous way from the socket to the receipt. */
package org.dropzonebackup.web.upload;
