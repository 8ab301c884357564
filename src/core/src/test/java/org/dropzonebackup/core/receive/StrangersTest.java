package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.Refusal.DigestMismatch;
import org.dropzonebackup.core.refusal.Refusal.NameTwice;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.Refusal.TooLarge;
import org.dropzonebackup.core.refusal.Refusal.TooManyUploads;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What anonymous uploads may do, and what they are told of each other. */
class StrangersTest {

    @TempDir
    private Path base;
    @TempDir
    private Path journal;
    private int passed;

    @Test
    void giveAFileAnotherNameWhereItsOwnIsTaken() throws Exception {
        Files.writeString(base.resolve("report.pdf"), "of another");
        try (UploadTransaction transaction = open(true)) {
            send(transaction, "report.pdf", "mine", Map.of());

            final String name = transaction.commit().get(0).name();

            assertThat(name).matches("report\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.pdf");
            assertThat(base.resolve(name)).hasContent("mine");
        }
        assertThat(base.resolve("report.pdf")).hasContent("of another");
        assertThat(names()).hasSize(2);
    }

    @Test
    void giveADirectoryAnotherNameWhereItsOwnIsThatOfAFile() throws Exception {
        Files.writeString(base.resolve("reports.d"), "of another");
        Files.createSymbolicLink(base.resolve("link"), base);
        for (final String path : List.of("reports.d/may/a.pdf", "link/a.pdf")) {
            try (UploadTransaction transaction = open(false)) {
                send(transaction, path, "mine", Map.of());

                final String name = transaction.commit().get(0).name();

                assertThat(name).matches("(reports|link)\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ(\\.d/may)?/a\\.pdf");
                assertThat(base.resolve(name)).hasContent("mine");
            }
        }
        assertThat(base.resolve("a.pdf")).doesNotExist();
    }

    @Test
    void areToldWhatTheyDidThemselves() throws Exception {
        try (UploadTransaction transaction = open(false)) {
            send(transaction, "image.jpg", "one", Map.of());
            assertRefused(() -> send(transaction, "image.jpg", "other", Map.of()), new NameTwice("image.jpg"));
        }
    }

    @Test
    void areNotToldThatAFileIsStoredAlready() throws Exception {
        Files.writeString(base.resolve("a.txt"), "secret");
        final Map<DigestAlgorithm, byte[]> guess = Map.of(DigestAlgorithm.SHA_256, sha256("secret"));
        for (final boolean sparable : List.of(true, false)) {
            try (UploadTransaction transaction = open(false)) {
                final IncomingFile file =
                        transaction.begin(new Announcement(Optional.of("a.txt"), OptionalLong.of(6), guess, sparable));
                assertThat(file.alreadyStored()).isEmpty();
                file.write(ByteBuffer.wrap("guesss".getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
                file.finish();
                assertRefused(transaction::commit, new DigestMismatch("sha-256", "a.txt"));
            }
        }
        try (UploadTransaction transaction = open(false)) {
            send(transaction, "a.txt", "secret", guess);
            assertThat(transaction.commit()).extracting(Receipt::name).doesNotContain("a.txt");
        }
    }

    @Test
    void areNotToldSoInPiecesEither() throws Exception {
        Files.writeString(base.resolve("a.txt"), "secret");
        final ResumableReceiver receiver =
                new ResumableReceiver(receiver(true), Duration.ofDays(1), Clock.systemUTC());
        final Owner owner = new Owner(Optional.empty(), "test");
        final UploadId id = receiver.create(box(), owner, new Announcement(Optional.of("a.txt"), OptionalLong.of(6),
                Map.of(DigestAlgorithm.SHA_256, sha256("secret")), true), Map.of());
        try (Append append = receiver.append(box(), owner, id, 0, () -> { })) {
            append.write(ByteBuffer.wrap("secret".getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
            append.checkpoint();
        }
        try (Append append = receiver.append(box(), owner, id, 6, () -> { })) {
            assertThat(append.complete(AlicesBox.NO_BODY).commit()).extracting(Receipt::name).first().asString().matches("a\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.txt");
        }
        assertThat(passed).isEqualTo(1);
        assertThat(base.resolve("a.txt")).hasContent("secret");
    }

    @Test
    void shareAQuotaOfWhichTheyLearnNothing() throws Exception {
        Files.write(base.resolve("there"), new byte[95]);
        final Receiver receiver = receiver(false);
        try (UploadTransaction one = receiver.open(box()); UploadTransaction other = receiver.open(box())) {
            send(one, "a", "1234", Map.of());
            assertRefused(() -> send(other, "b", "12", Map.of()), new StorageFull(2));
            one.commit();
        }
        assertThat(names()).containsExactlyInAnyOrder("there", "a");
    }

    @Test
    void haveALimitOfTheirOwn() throws Exception {
        try (UploadTransaction transaction = open(false)) {
            assertRefused(() -> send(transaction, "a", "123456789", Map.of()), new TooLarge(8, 9));
        }
    }

    @Test
    void areCountedByFilesAndNotByRequests() throws Exception {
        try (UploadTransaction transaction = open(false)) {
            for (int i = 0; i < 3; i++) {
                send(transaction, "empty" + i, "", Map.of());
            }
            assertRefused(() -> send(transaction, "another", "", Map.of()), new TooManyUploads(3, Duration.ofHours(1)));
        }
        assertThat(names()).isEmpty();
    }

    private UploadTransaction open(final boolean overwrite) throws RefusedException, IOException {
        return receiver(overwrite).open(box());
    }

    private Receiver receiver(final boolean overwrite) {
        return new Receiver(store(), new FileName.Rules(".~tmp", false), new Receiver.Limits(1000, 0, overwrite ? Existing.REPLACE : Existing.REFUSE),
                Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(journal));
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    private DropBox box() {
        return new DropBox(".", OptionalLong.of(100), OptionalLong.empty(), Optional.empty(), Optional.of(new DropBox.Strangers(8, this::pass)),
                Optional.empty(), Optional.empty());
    }

    private void pass() throws RefusedException {
        passed++;
        if (passed > 3) {
            throw new RefusedException(new TooManyUploads(3, Duration.ofHours(1)));
        }
    }

    private static void send(final UploadTransaction transaction, final String name, final String content,
            final Map<DigestAlgorithm, byte[]> digests) throws RefusedException, IOException {
        final IncomingFile file =
                transaction.begin(new Announcement(Optional.of(name), OptionalLong.empty(), digests, true));
        file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
        file.finish();
    }

    private static byte[] sha256(final String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertRefused(final ThrowingCallable call, final Refusal refusal) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(call)
                .extracting(RefusedException::refusal).isEqualTo(refusal);
    }
}
