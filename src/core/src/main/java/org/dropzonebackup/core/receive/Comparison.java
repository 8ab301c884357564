package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.Entry;

/**
 * Finds out whether what is stored under the name of a file is of the content that its client means, by reading it step by
 * step. Belongs to one file; not safe for threads.
 */
final class Comparison {

    /** Bytes. A step takes some tens of milliseconds, so that many who compare can take turns. */
    private static final long STEP = 64 << 20;
    /** Bytes: whoever has so few compared waits for it. */
    private static final long SHORT = 1 << 20;

    private final Executor helpers;
    /** What is being read; null if nothing is. */
    private Entry stored;
    private FileName name;
    private Hashing hashing;
    /** What was read last, and is of another content; or null. */
    private Entry other;
    private Optional<Receipt> receipt = Optional.empty();

    Comparison(final Executor helpers) {
        this.helpers = helpers;
    }

    /**
     * Begins to compare, and does it if that is short.
     *
     * @param present what is stored
     * @param as under what name
     * @param digests of the content that is meant
     * @return whether it is of that content, as far as is known yet
     */
    boolean with(final Entry present, final FileName as, final Map<DigestAlgorithm, byte[]> digests) throws IOException {
        if (!present.isFile() || other != null && other.isUnchanged()) {
            return false;
        }
        stored = present;
        name = as;
        hashing = new Hashing(digests, helpers);
        boolean more = present.size() <= SHORT;
        while (more) {
            more = readOn();
        }
        return isUnderWay() || receipt.isPresent();
    }

    /** Whether there is something left to read. */
    boolean isUnderWay() {
        return stored != null;
    }

    /**
     * Reads more.
     *
     * @return whether there is something left to read
     * @throws IOException if it cannot be read, though it is there
     */
    boolean readOn() throws IOException {
        boolean same = true;
        long count = 0;
        try {
            count = hashing.read(stored, STEP);
        } catch (final IOException e) {
            if (stored.isUnchanged()) {
                throw e;
            }
            // Somebody has removed or replaced it
            same = false;
        }
        if (count == 0 || hashing.position() >= stored.size()) {
            end(same && hashing.position() == stored.size() && stored.isUnchanged());
        }
        return isUnderWay();
    }

    private void end(final boolean same) {
        hashing.finish();
        if (same && hashing.mismatch().isEmpty()) {
            receipt = Optional.of(new Receipt(name.toString(), stored.size(), hashing.sha256Hex(),
                    stored.storedAt().truncatedTo(ChronoUnit.MILLIS)));
        }
        other = stored;
        stored = null;
    }

    /** Of the stored file, if it is of that content. */
    Optional<Receipt> receipt() {
        return receipt;
    }
}
