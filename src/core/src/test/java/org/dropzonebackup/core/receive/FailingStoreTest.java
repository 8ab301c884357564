package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a store throws, and at whichever call: memory, reservations, staged files and upload resources are given back. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingStoreTest {

    /** Bytes that are digested by another thread. */
    private static final int PIECE = 257 * 1024;
    private static final byte[] TWO_PIECES = DigestAlgorithm.SHA_256.start().digest(new byte[2 * PIECE]);
    private static final int QUOTA = 10 * PIECE;
    private static final DropBox BOX = new DropBox("alice", OptionalLong.of(QUOTA));

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final Set<String> failed = new HashSet<>();
    @TempDir
    private Path base;

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    static Stream<Arguments> faults() {
        return Stream.<Supplier<Throwable>>of(() -> new IOException("Input/output error"),
                () -> new StoreFullException(new IOException("No space left on device")),
                () -> new StoreBusyException("Too many open files"), () -> new IllegalStateException("as a test wants it"),
                () -> new StackOverflowError("as a test wants it"))
                .flatMap(fault -> Stream.of(true, false).map(done -> Arguments.of(fault.get().getClass().getSimpleName(), fault, done)));
    }

    private interface Request {
        void run(Receiver receiver, ResumableReceiver resumable) throws Exception;
    }

    @ParameterizedTest(name = "{0}, done {2}")
    @MethodSource("faults")
    void leavesNothingOfTheFilesOfARequest(final String name, final Supplier<Throwable> fault, final boolean done) throws Exception {
        everyCall(Existing.REPLACE, fault, done, (receiver, resumable) -> {
            try (UploadTransaction transaction = receiver.open(BOX)) {
                transaction.prepare();
                for (final String file : List.of("a", "b")) {
                    final IncomingFile incoming = transaction.begin(announced(file));
                    while (transaction.readBack()) {
                        // What is there is another file
                    }
                    incoming.admit();
                    write(incoming::write);
                    write(incoming::write);
                    incoming.finish();
                }
                if (transaction.commitsSlowly()) {
                    assertThat(transaction.commit()).hasSize(2);
                }
            }
        }, receiver -> {
            assertThat(names()).isIn(Set.of("a"), Set.of("a", "b"));
            if (names().size() == 1) {
                assertThat(Files.readAllBytes(base.resolve("alice/a"))[0]).as("was there before").isEqualTo((byte) 1);
            }
        });
        assertThat(failed).contains("open", "find", "stage", "write", "sync", "publish", "close", "storedAt", "usage", "usable",
                "digest");
    }

    @ParameterizedTest(name = "{0}, done {2}")
    @MethodSource("faults")
    void leavesNothingOfAFileThatWouldBeKeptBesideAnother(final String name, final Supplier<Throwable> fault, final boolean done)
            throws Exception {
        everyCall(Existing.KEEP, fault, done, (receiver, resumable) -> {
            Files.write(base.resolve("alice/a.2026-11-30T02-17-00Z"), new byte[] {1, 2});
            try (UploadTransaction transaction = receiver.open(BOX)) {
                final IncomingFile incoming = transaction.begin(announced("a"));
                while (transaction.readBack()) {
                    // What is there is another file
                }
                incoming.admit();
                write(incoming::write);
                write(incoming::write);
                incoming.finish();
                assertThat(transaction.commit()).hasSize(1);
            }
        }, receiver -> {
            assertThat(names()).hasSizeBetween(1, 3).contains("a");
            assertThat(Files.readAllBytes(base.resolve("alice/a"))[0]).as("was there before").isEqualTo((byte) 1);
        });
        assertThat(failed).contains("find", "names", "publish");
    }

    @ParameterizedTest(name = "{0}, done {2}")
    @MethodSource("faults")
    void letsGoOfAnUploadResource(final String name, final Supplier<Throwable> fault, final boolean done) throws Exception {
        final UploadId[] id = new UploadId[1];
        everyCall(Existing.REPLACE, fault, done, (receiver, resumable) -> {
            id[0] = null;
            id[0] = resumable.create(BOX, ALICE, announced("a"), Map.of());
            try (Append append = resumable.append(BOX, ALICE, id[0], 0, () -> { })) {
                write(append::write);
                append.checkpoint();
            }
            try (Append append = resumable.append(BOX, ALICE, id[0], PIECE, () -> { })) {
                write(append::write);
                final Completion completion = append.complete(AlicesBox.NO_BODY);
                while (completion.commit().isEmpty()) {
                    completion.readBack();
                }
            }
        }, receiver -> {
            final ResumableReceiver resumable = new ResumableReceiver(receiver, Duration.ofDays(1), Clock.systemUTC());
            if (id[0] != null) {
                try {
                    final UploadResource found = resumable.lookAtRest(BOX, ALICE, id[0]);
                    assertThat(found.offset()).isIn(0L, (long) PIECE, 2L * PIECE);
                    resumable.cancel(BOX, ALICE, id[0]);
                } catch (final RefusedException e) {
                    assertThat(e.refusal()).as("not that it is in use").isInstanceOf(Refusal.UploadUnknown.class);
                }
            }
        });
        assertThat(failed).contains("create", "look", "resume", "write", "record", "sync", "trim", "publish", "finish", "close");
    }

    private interface Check {
        void run(Receiver receiver) throws Exception;
    }

    /** Runs a request again and again, and each time another call of the store fails. */
    private void everyCall(final Existing existing, final Supplier<Throwable> fault, final boolean done, final Request request,
            final Check check) throws Exception {
        boolean again = true;
        for (int calls = 0; again; calls++) {
            again = false;
            empty();
            final byte[] other = new byte[2 * PIECE];
            other[0] = 1;
            Files.write(base.resolve("alice/a"), other);
            final FaultyStore faulty = new FaultyStore(
                    new LocalStore(base, ".~tmp", true, false, threads), calls, fault, done);
            final Receiver receiver = new Receiver(faulty.store(), new FileName.Rules(".~tmp", false),
                    new Receiver.Limits(1 << 30, 0, existing), Clock.systemUTC(), () -> nanos.addAndGet(1_000_000_000), threads, (home, path) -> false,
                TestJournals.in(base));
            try {
                request.run(receiver, new ResumableReceiver(receiver, Duration.ofDays(1), Clock.systemUTC()));
            } catch (final RefusedException | IOException | RuntimeException | StackOverflowError e) {
                assertThat(faulty.failed()).as("%s", e).isNotEmpty();
            }
            if (!faulty.failed().isEmpty()) {
                again = true;
                failed.add(faulty.failed());
            }
            faulty.repair();
            final String where = faulty.failed() + " at call " + calls;
            await(where, () -> held.get() == 0);
            check.run(receiver);
            assertNothingIsReserved(receiver, where);
            await(where, () -> staged().isEmpty());
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** What is under way to the store when a file is closed is removed when it has ended. */
    private static void await(final String where, final Condition condition) throws Exception {
        final long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(where).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private void assertNothingIsReserved(final Receiver receiver, final String where) throws Exception {
        long there = 0;
        for (final String name : names()) {
            there += Files.size(base.resolve("alice").resolve(name));
        }
        final long left = QUOTA - there;
        try (UploadTransaction next = receiver.open(BOX)) {
            assertThatThrownBy(() -> next.begin(undigested(left + 1))).as(where).isInstanceOf(RefusedException.class);
        }
        try (UploadTransaction next = receiver.open(BOX)) {
            next.begin(undigested(left));
        }
    }

    private static Announcement undigested(final long length) {
        return new Announcement(Optional.of("c"), OptionalLong.of(length), Map.of(), true);
    }

    /** Two pieces, with their digest, so that a stored file is compared. */
    private static Announcement announced(final String name) {
        return new Announcement(Optional.of(name), OptionalLong.of(2 * PIECE), Map.of(DigestAlgorithm.SHA_256, TWO_PIECES), true);
    }

    private interface Writing {
        void write(ByteBuffer bytes, Retainable memory) throws RefusedException, IOException;
    }

    private void write(final Writing upload) throws RefusedException, IOException {
        final Lent memory = new Lent();
        try {
            upload.write(memory.bytes, memory);
        } finally {
            memory.release();
        }
    }

    /** A piece of memory, which is counted as long as somebody holds it. */
    private final class Lent implements Retainable {

        private final ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE);
        private final AtomicInteger holders = new AtomicInteger(1);

        Lent() {
            held.incrementAndGet();
        }

        @Override
        public boolean retain() {
            return holders.incrementAndGet() > 1;
        }

        @Override
        public void release() {
            final int left = holders.decrementAndGet();
            assertThat(left).isNotNegative();
            if (left == 0) {
                held.decrementAndGet();
            }
        }
    }

    private Set<String> all() throws IOException {
        Files.createDirectories(base.resolve("alice"));
        try (Stream<Path> files = Files.list(base.resolve("alice"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private Set<String> names() throws IOException {
        final Set<String> names = all();
        names.removeIf(name -> name.endsWith(".~tmp"));
        return names;
    }

    private Set<String> staged() throws IOException {
        final Set<String> names = all();
        names.removeIf(name -> !name.endsWith(".~tmp"));
        return names;
    }

    private void empty() throws IOException {
        for (final String name : all()) {
            Files.delete(base.resolve("alice").resolve(name));
        }
    }
}
