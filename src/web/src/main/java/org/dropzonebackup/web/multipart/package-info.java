/** Incremental reading of multipart bodies (RFC 2046, RFC 7578): delimiters, the headers of parts, their contents as slices. */
package org.dropzonebackup.web.multipart;
