package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;

/** A chain is not what was written: something was altered, removed or put in. The message says where and what. */
public final class DamagedChainException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedChainException(final Path segment, final long offset, final String what) {
        super(segment + " is damaged at byte " + offset + ": " + what);
    }
}
