package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Tells when stored files were last read and found right. Safe for threads. */
@FunctionalInterface
public interface LastRead {

    /** Where files are never read again. */
    LastRead NEVER = (directory, path, enteredAt) -> Optional.empty();

    /**
     * A time after which a file that the journal takes for right was read as a whole.
     *
     * @param enteredAt the time of its newest entry
     * @return none if it was not read since that
     * @throws IOException if nobody can tell now
     */
    Optional<Instant> of(String directory, String path, Instant enteredAt) throws IOException;
}
