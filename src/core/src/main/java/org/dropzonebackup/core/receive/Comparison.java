package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.Series;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.StoredFile;

/**
 * The comparison of stored files with the content that a client means: of the file of its path, then of the later ones of a
 * series, the newest first. What the journal knows of a file is enough to tell that its content is another one. That it is the same
 * is told only after the file was read, step by step: its bytes may have been damaged since. Belongs to one file; not safe for
 * threads.
 */
final class Comparison {

    /** Bytes. A step takes some tens of milliseconds, so that many who compare can take turns. */
    private static final long STEP = 64 << 20;
    /** Bytes: so few are read at once, without steps. */
    private static final long SHORT = 1 << 20;
    /** Bytes that are read in the time in which a file and what is known of it are found. */
    private static final long LOOK = 16 << 10;
    /** So many later files of the right size are read though nothing is known of them; the client would wait too long for more. */
    private static final int MOST_UNKNOWN = 3;

    private final Receiver receiver;
    private final Directory directory;
    private final DropBox box;
    private final Optional<String> submittedName;
    private OptionalLong size;
    private Map<DigestAlgorithm, byte[]> expected;
    /** Those that are still to be looked at; the series is empty once it is among them. */
    private final Queue<FilePath> candidates = new ArrayDeque<>();
    private Optional<Series> unlisted = Optional.empty();
    private boolean listed;
    /** Later files that were looked at. Once is enough: no server replaces one. */
    private final Set<FilePath> seen = new HashSet<>();
    private int unknown;
    /** The path of the first file; the file, if it was found to have another content; or null. */
    private FilePath first;
    private StoredFile other;
    /** The file that is being read, or null. */
    private StoredFile stored;
    private FilePath path;
    private ContentDigests digests;
    private Optional<Receipt> receipt = Optional.empty();

    Comparison(final Receiver receiver, final Directory directory, final DropBox box, final Optional<String> submittedName) {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.submittedName = submittedName;
    }

    /**
     * Begins to compare, and ends if that is short.
     *
     * @param present the stored file
     * @param as its path
     * @param later the series of the later ones that are compared too; only if SHA-256 is known, as nearly all would have to be
     *        read else
     * @param length of the content that is meant, if it is known
     * @param meant digests of that content
     * @param mayList whether later files may be looked for now: that lists a directory, however many files are in it. If not,
     *        {@link #readOn} does that, once
     * @return whether one of them has that content, as far as is known yet
     */
    boolean with(final StoredFile present, final FilePath as, final Optional<Series> later, final OptionalLong length,
            final Map<DigestAlgorithm, byte[]> meant, final boolean mayList) throws IOException {
        if (!present.isFile()) {
            return false;
        }
        first = as;
        size = length;
        expected = meant;
        unlisted = meant.containsKey(DigestAlgorithm.SHA_256) && (mayList || !listed) ? later : Optional.empty();
        if (other == null || !other.isUnchanged()) {
            consider(present, as);
        }
        goOn(SHORT, mayList);
        return isUnderWay() || receipt.isPresent();
    }

    private void consider(final StoredFile candidate, final FilePath as) throws IOException {
        if (isPerhapsTheSame(candidate, as)) {
            stored = candidate;
            path = as;
            digests = new ContentDigests(expected, receiver.threads());
        } else if (as.equals(first)) {
            other = candidate;
        }
    }

    private boolean isPerhapsTheSame(final StoredFile candidate, final FilePath as) throws IOException {
        if (!candidate.isFile() || size.orElse(candidate.size()) != candidate.size()) {
            return false;
        }
        final byte[] sha256 = expected.get(DigestAlgorithm.SHA_256);
        final Optional<Line> known = sha256 == null ? Optional.empty() : receiver.history().of(box, as.toString(), candidate);
        if (known.isPresent()) {
            return known.get().file().sha256().equals(HexFormat.of().formatHex(sha256));
        }
        return as.equals(first) || ++unknown <= MOST_UNKNOWN;
    }

    /** Whether there is something left to look at, or to read. */
    boolean isUnderWay() {
        return stored != null || unlisted.isPresent() || !candidates.isEmpty();
    }

    /**
     * Goes on, in a step of bounded length.
     *
     * @return whether there is something left
     * @throws IOException if a file cannot be read, though it is there
     */
    boolean readOn() throws IOException {
        goOn(STEP, true);
        return isUnderWay();
    }

    private void goOn(final long most, final boolean mayList) throws IOException {
        long left = most;
        while (isUnderWay() && left > 0 && (mayList || stored != null || unlisted.isEmpty())) {
            left -= stored == null ? lookAtNext() : read(left);
        }
    }

    private long lookAtNext() throws IOException {
        if (unlisted.isPresent()) {
            unlisted.get().later(directory.names(first, unlisted.get().prefix())).stream().map(first::beside)
                    .filter(seen::add).forEach(candidates::add);
            unlisted = Optional.empty();
            listed = true;
        }
        final FilePath next = candidates.poll();
        final Optional<StoredFile> found = next == null ? Optional.empty() : directory.find(next);
        if (found.isPresent()) {
            consider(found.get(), next);
        }
        return LOOK;
    }

    private long read(final long most) throws IOException {
        boolean same = true;
        long count = 0;
        try {
            count = digests.read(stored, most);
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
        return count;
    }

    private void end(final boolean same) throws IOException {
        if (same) {
            receipt = Optional.of(receiver.history().found(box, new Receipt(path.toString(), submittedName, stored.size(),
                    digests.sha256Hex(), stored.storedAt().truncatedTo(ChronoUnit.MILLIS))));
            unlisted = Optional.empty();
            candidates.clear();
        } else if (path.equals(first)) {
            other = stored;
        }
        stored = null;
    }

    /** The receipt of a stored file, if it has the content that is meant. */
    Optional<Receipt> receipt() {
        return receipt;
    }
}
