/**
 * Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): {@code /files} makes them,
 * {@code /files/ID} is one. Offered are the extensions creation, creation-with-upload, creation-defer-length, expiration,
 * checksum and termination.
 */
package org.dropzonebackup.web.tus;
