package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.dropzonebackup.core.files.FileFault;

/** Entries were not written; none of the call is in the journal. The message has the system's reason, as has the cause. */
public final class JournalUnwritableException extends IOException {

    private static final long serialVersionUID = 1L;

    JournalUnwritableException(final Path journal, final Throwable cause) {
        super("the journal " + journal + " takes no entries: " + cause.getMessage(), cause);
    }

    /** Whether that is because the device, or a quota of the system, is exhausted. */
    public boolean isFull() {
        return FileFault.meansFull(getCause());
    }
}
