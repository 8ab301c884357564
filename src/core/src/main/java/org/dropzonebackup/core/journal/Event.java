package org.dropzonebackup.core.journal;

import java.util.Locale;

/** What became of a file. More may be added: see {@link #OTHER}. */
public enum Event {

    /** An upload was published. */
    STORED,
    /** The drop box itself has removed it. */
    REMOVED,
    /** It was there and not in the journal: a server was killed before it entered it, or somebody else has put it there. */
    FOUND,
    /** Its content is no longer what was stored, or it is missing. */
    DAMAGED,
    /** One that this version does not know. It can be read, and not be written. */
    OTHER;

    /** Whether it says that the file is there, with the content that the entry tells of. */
    public boolean tellsOfAFile() {
        return this == STORED || this == FOUND;
    }

    /** As in the file. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Event of(final String text) {
        for (final Event event : values()) {
            if (event.text().equals(text)) {
                return event;
            }
        }
        return OTHER;
    }
}
