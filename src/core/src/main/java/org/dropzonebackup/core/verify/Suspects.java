package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.verify.FileCheck.Seen;
import org.dropzonebackup.core.verify.Finding.Kind;

/**
 * Files that are not as the journal says, and may be a moment later: a server publishes a file before it enters it, and enters a
 * removal before it removes the file. What is found still the same after a while is told. Belongs to one thread.
 */
final class Suspects {

    private static final int MOST = 20_000;
    /** What somebody changes all the time is told of as well. */
    private static final int MOST_ROUNDS = 5;

    private final Homes homes;
    private final FileCheck check;
    private final Duration settling;
    private final LongSupplier nanoTime;
    private final Listener listener;
    private final Deque<Suspect> waiting = new ArrayDeque<>();

    /**
     * @param spellings of the directory
     * @param entry the newest
     */
    private record Suspect(List<String> spellings, String path, Optional<Line> entry, Seen seen, int round, long due) {
    }

    /**
     * @param settling how long after the first look the second one is
     */
    Suspects(final Homes homes, final FileCheck check, final Duration settling, final LongSupplier nanoTime,
            final Listener listener) {
        this.homes = homes;
        this.check = check;
        this.settling = settling;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /** Compares a file with its newest entry. */
    void check(final List<String> spellings, final String path, final Line newest)
            throws IOException, InterruptedException {
        check(spellings, path, Optional.of(newest), 0);
    }

    private void check(final List<String> spellings, final String path, final Optional<Line> newest, final int round)
            throws IOException, InterruptedException {
        if (newest.isEmpty() || newest.get().entry().event() == Event.REMOVED) {
            checkAbsent(spellings, path, newest, round);
        } else if (newest.get().entry().event() != Event.OTHER) {
            final Seen seen = check.look(newest.get().file());
            if (seen.wrong().isPresent()) {
                add(spellings, path, newest, seen, round);
            } else {
                listener.sound(newest.get());
            }
        }
    }

    /** Whether nothing is there, as a file has no entry, or it was removed. */
    void checkAbsent(final List<String> spellings, final String path, final Optional<Line> newest) throws InterruptedException {
        checkAbsent(spellings, path, newest, 0);
    }

    private void checkAbsent(final List<String> spellings, final String path, final Optional<Line> newest, final int round)
            throws InterruptedException {
        try {
            final Optional<StoredFile> file = check.find(spellings.get(0), path);
            if (file.filter(StoredFile::isFile).isPresent()) {
                final boolean same = newest.isPresent() && check.look(newest.get().file()).wrong().isEmpty();
                add(spellings, path, newest, new Seen(file, Optional.of(same ? Kind.NOT_REMOVED : Kind.UNKNOWN),
                        newest.map(line -> "it was removed at " + line.time() + (same ? "" : ", and another one is there"))
                                .orElse("it has " + file.get().size() + " bytes")), round);
            }
        } catch (final IOException | IllegalArgumentException e) {
            add(spellings, path, newest, new Seen(Optional.empty(), Optional.of(Kind.UNREADABLE), e.toString()), round);
        }
    }

    private void add(final List<String> spellings, final String path, final Optional<Line> newest, final Seen seen, final int round) {
        waiting.add(new Suspect(spellings, path, newest, seen, round, nanoTime.getAsLong() + settling.toNanos()));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * Looks again at those that have waited long enough.
     *
     * @param all whether to wait for all of them
     */
    void settle(final boolean all) throws IOException, InterruptedException {
        while (!waiting.isEmpty()) {
            final long left = waiting.getFirst().due() - nanoTime.getAsLong();
            if (left > 0) {
                if (!all && waiting.size() < MOST) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(left);
            }
            settle(waiting.removeFirst());
        }
    }

    private void settle(final Suspect suspect) throws IOException, InterruptedException {
        final Optional<Line> newest = homes.newest(suspect.spellings(), suspect.path());
        if (suspect.round() < MOST_ROUNDS && (!newest.equals(suspect.entry()) || !isUnchanged(suspect))) {
            check(suspect.spellings(), suspect.path(), newest, suspect.round() + 1);
        } else {
            listener.found(new Finding(suspect.seen().wrong().orElseThrow(), suspect.spellings().get(0), suspect.path(),
                    suspect.seen().detail(), newest));
        }
    }

    private boolean isUnchanged(final Suspect suspect) {
        try {
            return suspect.seen().isUnchanged(check.find(suspect.spellings().get(0), suspect.path()));
        } catch (final IOException | IllegalArgumentException unreadable) {
            return suspect.seen().wrong().orElseThrow() == Kind.UNREADABLE;
        }
    }
}
