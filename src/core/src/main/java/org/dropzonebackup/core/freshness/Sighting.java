package org.dropzonebackup.core.freshness;

import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.journal.Event;

/**
 * What the journal tells of a user's files. Immutable.
 *
 * @param file the last that was stored and counts
 * @param told {@link Event#LATE} or {@link Event#DOWN} if that was entered, and not that it is over
 */
public record Sighting(Optional<LastFile> file, Optional<Event> told) {

    static final Sighting NONE = new Sighting(Optional.empty(), Optional.empty());

    /**
     * A stored file.
     *
     * @param time when it was entered
     * @param path below the user's directory
     * @param size in bytes
     */
    public record LastFile(Instant time, String path, long size) {
    }

    /** With a file, unless it is older. */
    Sighting with(final LastFile next) {
        return file.filter(last -> last.time().isAfter(next.time())).isPresent() ? this : new Sighting(Optional.of(next), told);
    }

    Sighting with(final Event event) {
        return new Sighting(file, Optional.of(event).filter(each -> each != Event.RECOVERED));
    }
}
