package org.dropzonebackup.core.verify;

import java.util.Optional;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.units.PlainText;

/**
 * Something that is not as the journal says. Immutable.
 *
 * @param directory of the user, as the users file writes it; empty if it is the journal itself
 * @param path below the directory; empty as well
 * @param detail a sentence
 * @param entry the newest of the file, if it has one
 */
public record Finding(Kind kind, String directory, String path, String detail, Optional<Line> entry) {

    /** What is wrong. */
    public enum Kind {

        /** The journal is not what was written. */
        JOURNAL("journal damaged"),
        /** The journal says that there is a file. */
        MISSING("missing"),
        /** The file has not the content that was stored. */
        ALTERED("altered"),
        /** The file, or the whole directory, cannot be read; it may be a file system that is not mounted. */
        UNREADABLE("unreadable"),
        /** There is a file, of which the journal knows nothing. */
        UNKNOWN("not in the journal"),
        /** There is a file that was removed, says the journal. */
        NOT_REMOVED("not removed");

        private final String text;

        Kind(final String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Finding ofJournal(final String detail) {
        return new Finding(Kind.JOURNAL, "", "", detail, Optional.empty());
    }

    /** Whether what was stored is for certain not there any more. */
    boolean isDamage() {
        return kind == Kind.MISSING || kind == Kind.ALTERED;
    }

    /** One line, without control characters: what is wrong, with which file, and the sentence. */
    @Override
    public String toString() {
        return PlainText.of(kind + ": " + (kind == Kind.JOURNAL ? detail : directory + "/" + path + " (" + detail + ")"));
    }
}
