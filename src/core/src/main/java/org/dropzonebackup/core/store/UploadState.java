package org.dropzonebackup.core.store;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What is recorded of an upload resource. Immutable.
 *
 * @param offset bytes that are there for certain
 * @param length bytes it will have, if that is known
 * @param finished whether it is complete as soon as its bytes are no longer beside its record: published, or read back
 * @param facts what the use case has to know of it; the store keeps them and knows none
 */
public record UploadState(long offset, OptionalLong length, boolean finished, Map<String, String> facts) {

    /** Copies the facts. */
    public UploadState {
        facts = Map.copyOf(facts);
    }
}
