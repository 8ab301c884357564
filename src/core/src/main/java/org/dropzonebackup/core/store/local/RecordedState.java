package org.dropzonebackup.core.store.local;

import org.dropzonebackup.core.store.UploadState;

/**
 * What a state file holds. Immutable.
 *
 * @param generation grows with each replacement of the file, so that of two versions the newer one is known
 * @param state what is recorded
 */
record RecordedState(long generation, UploadState state) {

    /** What replaces it. */
    RecordedState followedBy(final UploadState next) {
        return new RecordedState(generation + 1, next);
    }
}
