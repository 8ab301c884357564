/**
 * Uploads in pieces, whatever the protocol: a {@link org.dropzonebackup.web.pieces.Piece} is what one request adds to an upload
 * resource, an {@link org.dropzonebackup.web.pieces.OpenResource} is that resource while the request lasts. {@code tus} and
 * {@code resumable} say what is told of it.
 */
package org.dropzonebackup.web.pieces;
