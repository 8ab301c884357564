package org.dropzonebackup.core.journal;

import java.util.Locale;

/** What happened, to a file if nothing else is said. More may be added: see {@link #OTHER}. */
public enum Event {

    /** An upload was published. */
    STORED,
    /** The drop box itself has removed it. */
    REMOVED,
    /** It was there and not in the journal: a server was killed before it entered it, or somebody else has put it there. */
    FOUND,
    /** Its content is no longer what was stored, or it is missing. */
    DAMAGED,
    /** A file that is expected of a user has not come in time. About no file, as those that follow. */
    LATE,
    /** It has not come in the time of grace either. */
    DOWN,
    /** A file has come of a user who was late. */
    RECOVERED,
    /** There is hardly space for more files. */
    SPACE_LOW,
    /** Somebody has given so many wrong passwords that no more are heard for a while. */
    LOGIN_BLOCKED,
    /** One that this version does not know. It can be read, and not be written. */
    OTHER;

    /** Whether it says that the file is there, with the content that the entry tells of. */
    public boolean tellsOfAFile() {
        return this == STORED || this == FOUND;
    }

    /** Whether an entry of it must name a file. */
    boolean isOfAFile() {
        return tellsOfAFile() || this == REMOVED || this == DAMAGED;
    }

    /** As in the file. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
