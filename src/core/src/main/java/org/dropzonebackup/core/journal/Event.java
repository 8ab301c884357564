package org.dropzonebackup.core.journal;

import java.util.Locale;

/** What became of a file. More may be added: see {@link #OTHER}. */
public enum Event {

    /** An upload was published. */
    STORED,
    /** The drop box itself has removed it. */
    REMOVED,
    /** It was published and not entered when a server was killed, and was found at the next start. */
    FOUND,
    /** Its content is no longer what was stored, or it is missing. */
    DAMAGED,
    /** One that this version does not know. It can be read, and not be written. */
    OTHER;

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
