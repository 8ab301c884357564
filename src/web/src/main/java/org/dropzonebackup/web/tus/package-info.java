/**
 * Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): {@code /files} makes them,
 * {@code /files/ID} is one. Offered are the extensions creation, creation-with-upload, creation-defer-length, expiration,
 * checksum and termination.
 *
 * <p>A taken name is answered with 422, and not with 409 as elsewhere: to tus, 409 says that an offset is wrong, and clients try
 * again after it as after 423 and 5xx (tus-js-client for ten seconds), before they tell anybody.
 */
package org.dropzonebackup.web.tus;
