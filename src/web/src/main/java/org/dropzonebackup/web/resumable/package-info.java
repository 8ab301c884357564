/**
 * Resumable uploads by "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload-13, interop version 10), on the
 * paths of plain uploads: a request with {@code Upload-Complete: ?0} makes an upload resource,
 * {@code /upload-resources/ID}.
 *
 * <p>No 104 is sent, since proxies break on it. So a client can resume only what it began with {@code ?0}, best with an
 * empty body ("careful upload creation"); {@code ?1} is a plain upload.
 */
package org.dropzonebackup.web.resumable;
