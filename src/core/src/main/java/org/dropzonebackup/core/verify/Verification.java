package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.dropzonebackup.core.journal.ChainReader;
import org.dropzonebackup.core.journal.DamagedChainException;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.Position;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.verify.Finding.Kind;

/**
 * Compares a drop box with its journal, while servers go on: each link of each chain, then each file that the journal says is
 * there, in the order of the entries, and each file that is there. Reads each file once. To be run once, by one thread.
 */
public final class Verification {

    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Box box;
    private final Terms terms;
    private final Listener listener;
    private final LongSupplier nanoTime;
    private final Homes homes;
    private final FileCheck check;
    private final Suspects suspects;
    private long wrong;
    private Checkpoint from;
    private Position position;
    private long saved;

    /**
     * What is verified.
     *
     * @param base the base directory
     * @param directories of the users, as the users file writes them; those that entries name are added
     * @param own names of directories below the base that hold no users' files
     */
    public record Box(Store store, Journal journal, SignedHeads heads, Path base, Collection<String> directories,
            Collection<String> own) {
    }

    /**
     * How it is verified.
     *
     * @param chosen the directories whose files are looked at
     * @param settling how long what is wrong must stay so to be told: longer than a server takes to enter what it has published
     */
    public record Terms(Pace pace, Predicate<String> chosen, Duration settling) {

        /** A time for {@code settling}. */
        public static final Duration SETTLING = Duration.ofSeconds(10);
    }

    public Verification(final Box box, final Terms terms, final Listener listener, final LongSupplier nanoTime) {
        this.box = box;
        this.terms = terms;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.homes = new Homes(box.store(), box.journal(), box.base());
        this.check = new FileCheck(homes, terms.pace());
        this.suspects = new Suspects(homes, check, terms.settling(), nanoTime, new Listener() {
            @Override
            public void found(final Finding finding) throws IOException {
                tell(finding);
            }

            @Override
            public void sound(final Line newest) throws IOException {
                listener.sound(newest);
            }
        });
    }

    private void tell(final DamagedChainException damage) throws IOException {
        tell(Finding.ofJournal(damage.getMessage()));
    }

    private void tell(final Finding finding) throws IOException {
        wrong++;
        listener.found(finding);
    }

    /**
     * Verifies from a checkpoint on. What was entered after the start of the one that began is left for the next one.
     *
     * @return what was done in all, from where another could go on
     * @throws IOException if the journal cannot be read, or as the listener throws it
     * @throws InterruptedException if the thread is interrupted, or as the pace throws it
     */
    public Checkpoint run(final Checkpoint begin, final Clock clock) throws IOException, InterruptedException {
        from = begin;
        wrong = begin.wrong();
        position = begin.position();
        saved = nanoTime.getAsLong();
        for (final Collection<String> texts : List.of(box.directories(), begin.directories())) {
            for (final String text : texts) {
                homes.spellings(text);
            }
        }
        int expected = Math.max(begin.position().chain(), 1);
        for (final int chain : box.journal().chains()) {
            if (chain >= begin.position().chain()) {
                for (; expected < chain; expected++) {
                    tell(Finding.ofJournal(box.journal().signedHead(expected).getParent() + " is missing"));
                }
                expected++;
                final Optional<String> cut = box.heads().problem(chain);
                if (cut.isPresent()) {
                    tell(Finding.ofJournal(cut.get()));
                }
                read(chain == begin.position().chain() ? begin.position() : Position.start(chain), clock);
            }
        }
        suspects.settle(true);
        final Set<Path> others = homes.paths(box.own());
        for (final List<String> home : homes.all()) {
            if (isChosen(home)) {
                walk(home, "", others);
            }
        }
        suspects.settle(true);
        return checkpoint();
    }

    private boolean isChosen(final List<String> spellings) {
        return spellings.stream().anyMatch(terms.chosen());
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(from.started(), position, homes.texts(), from.files() + check.files(), from.bytes() + check.bytes(),
                wrong);
    }

    private void read(final Position start, final Clock clock) throws IOException, InterruptedException {
        try (ChainReader reader = box.journal().read(start)) {
            for (Optional<Line> line = reader.next(this::tell); line.isPresent(); line = reader.next(this::tell)) {
                check(line.get(), clock);
                position = reader.position();
                progress();
            }
        }
    }

    private void check(final Line line, final Clock clock) throws IOException, InterruptedException {
        if (line.entry().file().isEmpty()) {
            return;
        }
        final List<String> spellings = homes.spellings(line.file().directory());
        if (isChosen(spellings) && !isLater(line.time(), clock)) {
            final Optional<Line> newest = homes.newest(spellings, line.file().path());
            if (newest.filter(line::equals).isPresent()) {
                suspects.check(spellings, line.file().path(), line);
            }
        }
    }

    /** One from the future was written when the clock was wrong. */
    private boolean isLater(final Instant entered, final Clock clock) {
        return entered.isAfter(from.started()) && !entered.isAfter(clock.instant());
    }

    private void progress() throws IOException, InterruptedException {
        suspects.settle(false);
        listener.progress(from.files() + check.files(), from.bytes() + check.bytes());
        if (suspects.isEmpty() && nanoTime.getAsLong() - saved >= SAVE_NANOS) {
            listener.reached(checkpoint());
            saved = nanoTime.getAsLong();
        }
    }

    private void walk(final List<String> home, final String above, final Set<Path> others) throws IOException, InterruptedException {
        final FilePath beside = FilePath.ofStored(above + "any");
        final List<String> names;
        final List<String> below;
        try {
            final Directory directory = homes.open(home.get(0));
            names = directory.names(beside, "");
            below = directory.directories(beside);
        } catch (final IOException e) {
            tell(new Finding(Kind.UNREADABLE, home.get(0), above, e.toString(), Optional.empty()));
            return;
        }
        for (final String name : names) {
            if (homes.newest(home, above + name).isEmpty()) {
                suspects.checkAbsent(home, above + name, Optional.empty());
            }
            progress();
        }
        for (final String name : below) {
            if (!others.contains(homes.path(home.get(0), above + name))) {
                walk(home, above + name + "/", others);
            }
        }
    }
}
