package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTransactionTest {

    @TempDir
    private Path base;
    private Path box;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
    }

    @Test
    void publishesNothingBeforeTheCommit() throws Exception {
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "first");
            send(transaction, "b.txt", "second");
            assertThat(names()).allMatch(name -> name.endsWith(".~tmp"));

            final List<Receipt> receipts = transaction.commit();

            assertThat(receipts).extracting(Receipt::name).containsExactly("a.txt", "b.txt");
        }
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt");
        assertThat(box.resolve("b.txt")).hasContent("second");
    }

    /** Another server may have the lock of directories for a while, and the thread that reads from the network must not wait. */
    @ParameterizedTest
    @CsvSource({"a, false", "a/b, true"})
    void commitsSlowlyWhereTheLockOfDirectoriesIsNeeded(final String path, final boolean slowly) throws Exception {
        final Receiver receiver = new Receiver(new LocalStore(base, ".~tmp", false, false, Runnable::run),
                new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 20, 0, Existing.REFUSE), Clock.systemUTC(),
                System::nanoTime, Runnable::run, (home, way) -> false,
                TestJournals.in(base));
        try (UploadTransaction transaction = receiver.open(box(OptionalLong.empty()))) {
            send(transaction, path, "content");
            assertThat(transaction.commitsSlowly()).isEqualTo(slowly);
            assertThat(transaction.commit()).hasSize(1);
        }
    }

    @Test
    void asksForFreeSpaceByWayOfADirectoryThatIsThere() throws Exception {
        final AtomicLong nanos = new AtomicLong();
        final Receiver receiver = new Receiver(new LocalStore(base, ".~tmp", false, true, Runnable::run),
                new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 20, 0, Existing.REFUSE), Clock.systemUTC(), nanos::get, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
        try (UploadTransaction first = receiver.open(box(OptionalLong.empty()))) {
            send(first, "a.txt", "first");
        }
        Files.delete(box);
        Files.createDirectory(base.resolve("bob"));
        nanos.set(1L << 50);
        try (UploadTransaction other = receiver.open(new DropBox("bob", OptionalLong.empty()))) {
            send(other, "a.txt", "other");
            assertThat(other.commit()).hasSize(1);
        }
    }

    @Test
    void leavesNothingBehindWithoutACommit() throws Exception {
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "first");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhereOneFileCannotBeClosed() throws Exception {
        final LocalStore store = new LocalStore(base, ".~tmp", false, true, Runnable::run);
        final Store faulty = stub(Store.class, (method, arguments) -> faulty(store.open((String) arguments[0])));
        final Receiver receiver = new Receiver(faulty, new FileName.Rules(".~tmp", false),
                new Receiver.Limits(1 << 20, 0, Existing.REFUSE), Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
        final DropBox ten = box(OptionalLong.of(10));
        final UploadTransaction transaction = receiver.open(ten);
        send(transaction, "a.txt", "123");
        send(transaction, "faulty.txt", "123");
        assertThatThrownBy(transaction::close).hasRootCauseInstanceOf(StackOverflowError.class);

        assertThat(names()).isEmpty();
        try (UploadTransaction next = receiver.open(ten)) {
            send(next, "b.txt", "1234567890");
            next.commit();
        }
    }

    /** A directory whose second file is closed, and says that it is not. */
    private static Directory faulty(final Directory directory) {
        final AtomicInteger staged = new AtomicInteger();
        return stub(Directory.class, (method, arguments) -> {
            final Object result = method.invoke(directory, arguments);
            return method.getName().equals("stage") && staged.incrementAndGet() == 2
                    ? stub(StagedFile.class, (called, given) -> {
                        final Object returned = called.invoke(result, given);
                        if (called.getName().equals("close")) {
                            throw new StackOverflowError();
                        }
                        return returned;
                    }) : result;
        });
    }

    private interface Call {
        Object make(Method method, Object... arguments) throws Throwable;
    }

    private static <T> T stub(final Class<T> type, final Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> call.make(method, arguments)));
    }

    @Test
    void putsAllBackWhenOneOfSeveralCannotBePublished() throws Exception {
        Files.writeString(box.resolve("a.txt"), "old");
        try (UploadTransaction transaction = receiver(true, 1 << 20).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "new");
            send(transaction, "b.txt", "second");
            Files.createDirectory(box.resolve("b.txt"));

            assertRefused(transaction::commit, Refusal.PathBlocked.class);
        }
        assertThat(box.resolve("a.txt")).hasContent("old");
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt");
    }

    @Test
    void replacesOnlyWhereThatIsAllowed() throws Exception {
        Files.writeString(box.resolve("a.txt"), "old");
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            assertRefused(() -> send(transaction, "a.txt", "new"), Refusal.NameTaken.class);
        }
        try (UploadTransaction transaction = receiver(true, 1 << 20).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "new");
            transaction.commit();
        }
        assertThat(box.resolve("a.txt")).hasContent("new");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void saysThatThereIsNoSpaceBeforeThatTheNameIsTakenAndReservesNone() throws Exception {
        Files.writeString(box.resolve("a.txt"), "12345678");
        final Receiver receiver = receiver(false, 1 << 20);
        for (final long length : List.of(3L, 2L)) {
            try (UploadTransaction transaction = receiver.open(box(OptionalLong.of(10)))) {
                final Announcement announced = new Announcement(Optional.of("a.txt"), OptionalLong.of(length), Map.of(), false);
                assertRefused(() -> transaction.begin(announced), length > 2 ? Refusal.QuotaExceeded.class : Refusal.NameTaken.class);
            }
        }
        try (UploadTransaction transaction = receiver.open(box(OptionalLong.of(10)))) {
            send(transaction, "b.txt", "12");
            transaction.commit();
        }
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt");
    }

    @Test
    void neverWritesThroughASymbolicLink() throws Exception {
        final Path outside = Files.writeString(base.resolve("outside"), "untouched");
        Files.createSymbolicLink(box.resolve("a.txt"), outside);
        try (UploadTransaction transaction = receiver(true, 1 << 20).open(box(OptionalLong.empty()))) {
            assertRefused(() -> send(transaction, "a.txt", "new"), Refusal.PathBlocked.class);
        }
        assertThat(outside).hasContent("untouched");
    }

    @Test
    void refusesTwoFilesOfOneName() throws Exception {
        try (UploadTransaction transaction = receiver(true, 1 << 20).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "first");
            assertRefused(() -> send(transaction, "C:\\x\\a.txt", "second"), Refusal.NameTwice.class);
        }
    }

    @Test
    void refusesWhenTheLimitIsCrossed() throws Exception {
        try (UploadTransaction transaction = receiver(false, 4).open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "1234");
            assertRefused(() -> send(transaction, "b.txt", "12345"), Refusal.TooLarge.class);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void refusesWhatIsTooSmallAsSoonAsThatIsKnown() throws Exception {
        final Receiver receiver = new Receiver(new LocalStore(base, ".~tmp", false, true, Runnable::run), new FileName.Rules(".~tmp", false),
                new Receiver.Limits(4, 1 << 20, 0, Existing.REFUSE, true), Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
        Files.writeString(box.resolve("there.txt"), "old");
        try (UploadTransaction transaction = receiver.open(box(OptionalLong.empty()))) {
            send(transaction, "a.txt", "1234");
            assertRefused(() -> send(transaction, "b.txt", "123"), Refusal.TooSmall.class);
            assertRefused(() -> transaction.begin(new Announcement(Optional.of("there.txt"), OptionalLong.of(3),
                    Map.of(DigestAlgorithm.SHA_256, sha256("old")), true)), Refusal.TooSmall.class);
        }
        final DropBox own = new DropBox("alice", OptionalLong.empty(), OptionalLong.of(1), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
        try (UploadTransaction transaction = receiver.open(own)) {
            send(transaction, "a.txt", "1");
            assertRefused(() -> send(transaction, "b.txt", ""), Refusal.TooSmall.class);
        }
        assertThat(names()).containsExactly("there.txt");
    }

    @Test
    void refusesUploadThatWouldEatTheReserve() throws Exception {
        final Receiver greedy = new Receiver(new LocalStore(base, ".~tmp", false, true, Runnable::run), new FileName.Rules(".~tmp", false),
                new Receiver.Limits(1 << 20, Long.MAX_VALUE / 2, Existing.REFUSE), Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
        try (UploadTransaction transaction = greedy.open(box(OptionalLong.empty()))) {
            assertRefused(() -> send(transaction, "a.txt", "x"), Refusal.StorageFull.class);
        }
    }

    @Test
    void sharesTheQuotaBetweenParallelUploads() throws Exception {
        Files.writeString(box.resolve("there.txt"), "12345");
        final Receiver receiver = receiver(false, 1 << 20);
        try (UploadTransaction one = receiver.open(box(OptionalLong.of(10)));
                UploadTransaction other = receiver.open(box(OptionalLong.of(10)))) {
            send(one, "a.txt", "123");
            assertRefused(() -> send(other, "b.txt", "123"), Refusal.QuotaExceeded.class);
            one.commit();
        }
        try (UploadTransaction next = receiver.open(box(OptionalLong.of(10)))) {
            send(next, "c.txt", "12");
            next.commit();
        }
        assertThat(names()).containsExactlyInAnyOrder("there.txt", "a.txt", "c.txt");
    }

    @Test
    void refusesContentThatDoesNotMatchItsDigest() throws Exception {
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            write(transaction.begin(announcement("a.txt", Map.of(DigestAlgorithm.SHA_256, new byte[32]))), "first");
            assertRefused(transaction::commit, Refusal.DigestMismatch.class);
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void answersARetryWithTheReceiptOfTheStoredFile() throws Exception {
        Files.writeString(box.resolve("a.txt"), "first");
        final Map<DigestAlgorithm, byte[]> digests = Map.of(DigestAlgorithm.SHA_256, sha256("first"));
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.of(5)))) {
            final IncomingFile file = transaction.begin(announcement("a.txt", digests));
            final Optional<Receipt> stored = file.alreadyStored();

            assertThat(stored).map(Receipt::size).contains(5L);
            write(file, "first");
            assertThat(transaction.commit()).containsExactly(stored.orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comparesWhatComesInAnyCaseWhenItHasCome(final boolean overwrite) throws Exception {
        Files.writeString(box.resolve("a.txt"), "first");
        Files.setLastModifiedTime(box.resolve("a.txt"), FileTime.from(Instant.EPOCH));
        try (UploadTransaction transaction = receiver(overwrite, 1 << 20).open(box(OptionalLong.empty()))) {
            sendWithDigest(transaction, "first");

            assertThat(transaction.commit()).singleElement().extracting(Receipt::storedAt).isEqualTo(Instant.EPOCH);
        }
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void refusesOrReplacesWhatTurnsOutToBeAnother() throws Exception {
        Files.writeString(box.resolve("a.txt"), "first");
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            sendWithDigest(transaction, "other");
            assertRefused(transaction::commit, Refusal.NameTaken.class);
        }
        assertThat(box.resolve("a.txt")).hasContent("first");
        try (UploadTransaction transaction = receiver(true, 1 << 20).open(box(OptionalLong.empty()))) {
            sendWithDigest(transaction, "other");
            assertThat(transaction.commit()).hasSize(1);
        }
        assertThat(box.resolve("a.txt")).hasContent("other");
        assertThat(names()).containsExactly("a.txt");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverReplacesByWhatWasToBeNew(final boolean overwrite) throws Exception {
        final Receiver receiver = receiver(overwrite, 1 << 20);
        final Announcement onlyNew = new Announcement(
                Optional.of("a.txt"), OptionalLong.empty(), Map.of(DigestAlgorithm.SHA_256, sha256("new")), true, true);
        try (UploadTransaction faster = receiver.open(box(OptionalLong.empty()));
                UploadTransaction slower = receiver.open(box(OptionalLong.empty()))) {
            for (final UploadTransaction transaction : List.of(faster, slower)) {
                write(transaction.begin(onlyNew), "new");
            }
            assertThat(faster.commit()).hasSize(1);
            assertRefused(slower::commit, Refusal.NameNotNew.class);
        }
        try (UploadTransaction late = receiver.open(box(OptionalLong.empty()))) {
            assertRefused(() -> late.begin(onlyNew), Refusal.NameNotNew.class);
        }
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void takesNothingForStoredOnTheWordOfAWeakDigest() throws Exception {
        Files.writeString(box.resolve("a.txt"), "first");
        final Map<DigestAlgorithm, byte[]> weak = Map.of(DigestAlgorithm.MD5, MessageDigest.getInstance("MD5").digest("first".getBytes(
                StandardCharsets.UTF_8)), DigestAlgorithm.SHA, MessageDigest.getInstance("SHA-1").digest("first".getBytes(StandardCharsets.UTF_8)));
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            final IncomingFile file = transaction.begin(announcement("a.txt", weak));
            assertThat(file.alreadyStored()).as("before its bytes").isEmpty();
            write(file, "first");
            assertThat(transaction.commit()).singleElement().extracting(Receipt::size).isEqualTo(5L);
        }
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void holdsTheRequestsWordOfItsOnlyFileAgainstIt() throws Exception {
        final Announcement claim = new Announcement(
                Optional.empty(), OptionalLong.of(5), Map.of(DigestAlgorithm.SHA_256, sha256("first")), false);
        final Receiver receiver = receiver(false, 1 << 20);
        for (final String content : List.of("thirst", "other", "first")) {
            try (UploadTransaction transaction = receiver.open(box(OptionalLong.empty()))) {
                transaction.claim(claim);
                if (content.length() == 6) {
                    assertRefused(() -> send(transaction, "a.txt", content), Refusal.Malformed.class);
                    continue;
                }
                send(transaction, "a.txt", content);
                if (content.equals("first")) {
                    assertRefused(() -> transaction.begin(announcement("b.txt", Map.of())), Refusal.Malformed.class);
                } else {
                    assertRefused(transaction::commit, Refusal.DigestMismatch.class);
                }
            }
        }
        try (UploadTransaction transaction = receiver.open(box(OptionalLong.empty()))) {
            transaction.claim(claim);
            assertRefused(() -> transaction.begin(announcement("a.txt", Map.of(DigestAlgorithm.SHA_256, new byte[32]))),
                    Refusal.Malformed.class);
        }
        assertThat(names()).isEmpty();
    }

    private static void sendWithDigest(final UploadTransaction transaction, final String content) throws Exception {
        final Map<DigestAlgorithm, byte[]> digests = Map.of(DigestAlgorithm.SHA_256, sha256(content));
        write(transaction.begin(new Announcement(Optional.of("a.txt"), OptionalLong.empty(), digests, false)), content);
    }

    @Test
    void namesEachNamelessFileDifferently() throws Exception {
        try (UploadTransaction transaction = receiver(false, 1 << 20).open(box(OptionalLong.empty()))) {
            for (int i = 0; i < 3; i++) {
                transaction.begin(new Announcement(Optional.empty(), OptionalLong.empty(), Map.of(), true)).finish();
            }
            transaction.commit();
        }
        assertThat(names()).hasSize(3).allMatch(name -> name.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d_\\d{6}"));
    }

    private Receiver receiver(final boolean overwrite, final long maxFileSize) {
        return new Receiver(new LocalStore(base, ".~tmp", false, true, Runnable::run), new FileName.Rules(".~tmp", false),
                new Receiver.Limits(maxFileSize, 0, overwrite ? Existing.REPLACE : Existing.REFUSE), Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
    }

    private static DropBox box(final OptionalLong quota) {
        return new DropBox("alice", quota);
    }

    private static void send(final UploadTransaction transaction, final String name, final String content)
            throws RefusedException, IOException {
        write(transaction.begin(announcement(name, Map.of())), content);
    }

    private static void write(final IncomingFile file, final String content) throws RefusedException, IOException {
        file.write(bytes(content), Retainable.NEVER);
        file.finish();
    }

    private static Announcement announcement(final String name, final Map<DigestAlgorithm, byte[]> digests) {
        return new Announcement(Optional.of(name), OptionalLong.empty(), digests, true);
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(final String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertRefused(final org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            final Class<? extends Refusal> type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.refusal()).isInstanceOf(type));
    }
}
