package org.dropzonebackup.core.retention;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.IncomingFile;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.local.LocalStore;

/** Alice's drop box, which is pruned, with clocks that tests set. Files are old only by the journal's word, and by its clock. */
final class PrunedBox implements Retention.Report {

    static final Duration DAY = Duration.ofDays(1);
    /** Ten days, and the three newest. */
    static final List<KeptBox> ALICES = List.of(new KeptBox("alice", "alice", new KeepRule(DAY.multipliedBy(10), 3)));

    final Path base;
    final SettableClock clock = new SettableClock();
    final AtomicLong nanos = new AtomicLong();
    final Journal journal;
    final LocalStore store;
    final Receiver receiver;
    /** What was told. */
    final List<Removal> removals = new ArrayList<>();
    final List<IOException> faults = new ArrayList<>();

    PrunedBox(final Path base) throws IOException {
        this(base, Existing.KEEP);
    }

    PrunedBox(final Path base, final Existing existing) throws IOException {
        this.base = base;
        Files.createDirectories(base.resolve("alice"));
        // Files that are stored now are not younger than their entries
        clock.pass(Duration.ofHours(1));
        journal = journal();
        journal.open();
        store = new LocalStore(base, ".~tmp", false, false, Runnable::run);
        receiver = new Receiver(store, new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 20, 0, existing), clock,
                nanos::get, Runnable::run, (home, path) -> false, journal);
    }

    /** That of another server each time. */
    Journal journal() {
        return new Journal(base.resolve(".dropzone/journal"), false, clock, nanos::get);
    }

    /** That of another server each time. */
    Retention retention() {
        return retention(journal, UnaryOperator.identity());
    }

    Retention retention(final Journal remembered, final UnaryOperator<Store> faulty) {
        return new Retention(faulty.apply(store), remembered, base.resolve(".dropzone"), clock, nanos::get,
                (home, path) -> path.toString().equals("bob"));
    }

    void pass(final Duration duration) {
        clock.pass(duration);
        nanos.addAndGet(duration.toNanos());
    }

    /** Sends a file as a user. */
    String send(final Optional<String> user, final String name, final String content) throws RefusedException, IOException {
        return send(new DropBox("alice", OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty(), user,
                Optional.empty()), name, content);
    }

    String send(final DropBox box, final String name, final String content) throws RefusedException, IOException {
        try (UploadTransaction transaction = receiver.open(box)) {
            final IncomingFile file =
                    transaction.begin(new Announcement(Optional.of(name), OptionalLong.empty(), Map.of(), false));
            file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
            file.finish();
            return transaction.commit().get(0).name();
        }
    }

    String send(final String name) throws RefusedException, IOException {
        return send(Optional.of("alice"), name, name);
    }

    /** Sends a file each night, and returns their names. */
    List<String> nights(final int count, final String name) throws RefusedException, IOException {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(send(name));
            pass(DAY);
        }
        return names;
    }

    /** Prunes as a server that was just started, and whose clock is accepted. */
    PrunedBox prune() throws IOException {
        removals.clear();
        final Retention retention = retention();
        retention.acceptClock();
        retention.prune(ALICES, this);
        return this;
    }

    List<String> removed() {
        return removals.stream().map(removal -> removal.line().file().path()).toList();
    }

    @Override
    public void goes(final Removal removal) {
        removals.add(removal);
    }

    @Override
    public void freed(final Directory directory) {
        receiver.forgetRemoved(directory.identity());
    }

    @Override
    public void failed(final String directory, final IOException fault) {
        faults.add(fault);
    }

    Path path(final String name) {
        return base.resolve("alice").resolve(name);
    }

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(base.resolve("alice"))) {
            return files.filter(Files::isRegularFile).map(file -> base.resolve("alice").relativize(file).toString()).sorted().toList();
        }
    }

    Event newest(final String path) throws IOException {
        return journal.find("alice", path).orElseThrow().entry().event();
    }

    /** The paths of all entries of an event, in all chains. */
    List<String> entries(final Event event) throws IOException {
        final List<String> paths = new ArrayList<>();
        for (final int chain : journal.chains()) {
            TestJournals.readAll(journal, chain).stream().filter(line -> line.entry().event() == event)
                    .forEach(line -> paths.add(line.file().path()));
        }
        return paths;
    }
}
