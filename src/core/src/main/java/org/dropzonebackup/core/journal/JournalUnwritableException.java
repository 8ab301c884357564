package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Entries were not written; none of the call is in the journal. The message has the system's reason, as has the cause. */
public final class JournalUnwritableException extends IOException {

    private static final long serialVersionUID = 1L;

    JournalUnwritableException(final Path chain, final Throwable cause) {
        super("the journal " + chain + " takes no entries: " + cause.getMessage(), cause);
    }
}
