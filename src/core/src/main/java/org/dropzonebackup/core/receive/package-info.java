/**
 * The way of an upload: admitted, staged and hashed in one pass, made durable, published, and answered with a receipt.
 * Bytes are pushed into it, so that no thread waits for a slow client.
 */
package org.dropzonebackup.core.receive;
