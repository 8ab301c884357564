package org.dropzonebackup.core.store;

import java.time.Instant;

/**
 * An upload resource as a look into its directory finds it. Immutable.
 *
 * @param id names it
 * @param state as it was recorded last
 * @param pending whether its bytes are there; else it is finished
 * @param changed when it was recorded last
 */
public record UploadRecord(UploadId id, UploadState state, boolean pending, Instant changed) {
}
