package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.StoredFile;

/**
 * The comparison of a stored file with the content that a client means. What the store knows of the file is enough to tell that
 * its content is another one. That it is the same is told only after the file was read, step by step: its bytes may have been
 * damaged since. Belongs to one file; not safe for threads.
 */
final class Comparison {

    /** Bytes. A step takes some tens of milliseconds, so that many who compare can take turns. */
    private static final long STEP = 64 << 20;
    /** Bytes: so few are read at once, without steps. */
    private static final long SHORT = 1 << 20;

    private final Executor threads;
    /** The file that is being read, or null. */
    private StoredFile stored;
    private FilePath path;
    private Optional<String> submittedName;
    private ContentDigests digests;
    /** The file that was found to have another content last, or null. */
    private StoredFile other;
    private Optional<Receipt> receipt = Optional.empty();

    Comparison(final Executor threads) {
        this.threads = threads;
    }

    /**
     * Begins to compare, and ends if that is short.
     *
     * @param present the stored file
     * @param as its path
     * @param submitted the name that the client sent
     * @param expected digests of the content that is meant
     * @return whether the file has that content, as far as is known yet
     */
    boolean with(final StoredFile present, final FilePath as, final Optional<String> submitted,
            final Map<DigestAlgorithm, byte[]> expected) throws IOException {
        if (!present.isFile() || other != null && other.isUnchanged()) {
            return false;
        }
        stored = present;
        path = as;
        submittedName = submitted;
        digests = new ContentDigests(expected, threads);
        if (isOtherByItsFacts(expected)) {
            end(false);
            return false;
        }
        boolean more = present.size() <= SHORT;
        while (more) {
            more = readOn();
        }
        return isUnderWay() || receipt.isPresent();
    }

    private boolean isOtherByItsFacts(final Map<DigestAlgorithm, byte[]> expected) throws IOException {
        final byte[] sha256 = expected.get(DigestAlgorithm.SHA_256);
        return sha256 != null
                && stored.facts().filter(facts -> !facts.sha256().equals(HexFormat.of().formatHex(sha256))).isPresent();
    }

    /** Whether there is something left to read. */
    boolean isUnderWay() {
        return stored != null;
    }

    /**
     * Reads more.
     *
     * @return whether there is something left to read
     * @throws IOException if the file cannot be read, though it is there
     */
    boolean readOn() throws IOException {
        boolean same = true;
        long count = 0;
        try {
            count = digests.read(stored, STEP);
        } catch (final IOException e) {
            if (stored.isUnchanged()) {
                throw e;
            }
            // Somebody has removed or replaced it
            same = false;
        }
        if (count == 0 || digests.position() >= stored.size()) {
            digests.finish();
            end(same && digests.position() == stored.size() && digests.mismatch().isEmpty() && stored.isUnchanged());
        }
        return isUnderWay();
    }

    private void end(final boolean same) {
        if (same) {
            receipt = Optional.of(new Receipt(
                    path.toString(), submittedName, stored.size(), digests.sha256Hex(), stored.storedAt().truncatedTo(ChronoUnit.MILLIS)));
        }
        other = stored;
        stored = null;
    }

    /** The receipt of the stored file, if it has the content that is meant. */
    Optional<Receipt> receipt() {
        return receipt;
    }
}
