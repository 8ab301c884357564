package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.receive.Announcement;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.IncomingFile;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.local.LocalStore;

/** A drop box with a server, whose journal has small segments, and verifications of it. */
final class VerifiedBox implements AutoCloseable {

    private final Path base;
    private final Journal journal;
    private final Receiver server;

    VerifiedBox(final Path base) throws IOException {
        this.base = base;
        this.journal = TestJournals.withSmallSegments(base, Clock.systemUTC());
        heads(journal).signBeginning();
        this.server = new Receiver(store(), new FileName.Rules(".~tmp", false),
                new Receiver.Limits(0, 1 << 30, 0, Existing.REPLACE, true), Clock.systemUTC(), System::nanoTime, Runnable::run,
                (home, path) -> false, journal);
    }

    Store store() {
        return new LocalStore(base, ".~tmp", true, false, Runnable::run);
    }

    Journal journal() {
        return journal;
    }

    Path file(final String path) {
        return base.resolve(path);
    }

    /** Sends a file of alice. */
    void send(final String path, final String content) throws Exception {
        send("alice", path, content);
    }

    void send(final String user, final String path, final String content) throws Exception {
        final DropBox box = new DropBox(user, OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty(),
                Optional.of(user), Optional.empty());
        try (UploadTransaction transaction = server.open(box)) {
            final IncomingFile file = transaction.begin(new Announcement(Optional.of(path), OptionalLong.empty(), Map.of(), false));
            file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
            file.finish();
            transaction.commit();
        }
    }

    /** The segments of the first chain. */
    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve(".dropzone/journal/1"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    /** Copies the journal of this moment. */
    Map<Path, byte[]> savedJournal() throws IOException {
        final Map<Path, byte[]> saved = new HashMap<>();
        for (final Path segment : segments()) {
            saved.put(segment, Files.readAllBytes(segment));
        }
        return saved;
    }

    /** What a verification by another process tells, in its order. */
    List<String> verify() throws Exception {
        final List<String> told = new ArrayList<>();
        verify(Checkpoint.start(Clock.systemUTC().instant()), finding -> told.add(finding.toString()), Pace.UNLIMITED);
        return told;
    }

    /** By a clock that passes ten seconds whenever it is asked. */
    Checkpoint verify(final Checkpoint from, final Listener listener, final Pace pace) throws Exception {
        return verify(from, listener, pace, impatient());
    }

    Checkpoint verify(final Checkpoint from, final Listener listener, final Pace pace, final LongSupplier nanoTime) throws Exception {
        final Journal reading = Journal.readOnly(base.resolve(".dropzone/journal"), impatient());
        return new Verification(
                new Verification.Box(store(), reading, heads(reading), base, List.of("alice"), List.of(".dropzone", ".challenges")),
                new Verification.Terms(pace, directory -> true, Verification.Terms.SETTLING), listener, nanoTime)
                .run(from, Clock.systemUTC());
    }

    /** With the key of the server. */
    SignedHeads heads(final Journal of) {
        return new SignedHeads(of, Optional.of(new SigningKeys(base.resolve(".dropzone/signing-key.jwks"), Clock.systemUTC())),
                Clock.systemUTC());
    }

    static LongSupplier impatient() {
        final AtomicLong now = new AtomicLong();
        return () -> now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
