package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;

/** Alice's drop box, to which she uploads in pieces, and the servers that have it. */
final class AlicesBox {

    static final Owner ALICE = new Owner(Optional.of("alice"), "tus");
    static final DropBox BOX = new DropBox("alice", OptionalLong.empty());
    static final Duration WEEK = Duration.ofDays(7);
    static final long MAX_FILE_SIZE = 1 << 20;
    static final Runnable NOBODY_ELSE = () -> {
        throw new AssertionError("nobody wants it");
    };

    static final BodyParser.Factory NO_BODY = (notes, files) -> {
        throw new AssertionError("it is a file");
    };

    private final SettableClock clock = new SettableClock();
    private final Path base;
    private final Path box;

    AlicesBox(final Path base) throws IOException {
        this.base = base;
        this.box = Files.createDirectory(base.resolve("alice"));
    }

    /** Of all servers. */
    SettableClock clock() {
        return clock;
    }

    Path resolve(final String name) {
        return box.resolve(name);
    }

    LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    /** Another one each time. */
    ResumableReceiver server() {
        return server(new Receiver.Limits(MAX_FILE_SIZE, 0, Existing.REFUSE));
    }

    ResumableReceiver server(final Receiver.Limits limits) {
        final LocalStore store = store();
        return new ResumableReceiver(new Receiver(store, new FileName.Rules(".~tmp", false), limits, clock, clock::nanoTime,
                Runnable::run, (home, path) -> false,
                TestJournals.in(base)), WEEK, clock);
    }

    /** On whose device there is no space left. */
    ResumableReceiver fullServer() {
        return server(new Receiver.Limits(MAX_FILE_SIZE, Long.MAX_VALUE / 2, Existing.REFUSE));
    }

    List<String> published() throws IOException {
        return names().stream().filter(name -> !name.endsWith(".~tmp")).toList();
    }

    /** All that is there. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    static DropBox limited(final long quota) {
        return new DropBox("alice", OptionalLong.of(quota));
    }

    static void send(final ResumableReceiver server, final DropBox to, final UploadId id, final long offset, final String content)
            throws RefusedException, IOException {
        try (Append append = server.append(to, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(bytes(content), Retainable.NEVER);
            append.checkpoint();
        }
    }

    static List<Receipt> sendLast(final ResumableReceiver server, final UploadId id, final long offset, final String content)
            throws RefusedException, IOException {
        try (Append append = server.append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(bytes(content), Retainable.NEVER);
            return complete(append);
        }
    }

    /** Completes a file, of which so few bytes are to be read that it is done at once. */
    static List<Receipt> complete(final Append append) throws RefusedException, IOException {
        return append.complete(NO_BODY).commit();
    }

    static Announcement announced(final String name) {
        return new Announcement(Optional.of(name), OptionalLong.empty(), Map.of(), false);
    }

    static Announcement announced(final String name, final long length) {
        return new Announcement(Optional.of(name), OptionalLong.of(length), Map.of(), false);
    }

    /** With its digest. */
    static Announcement announced(final String name, final String content) throws Exception {
        return new Announcement(Optional.of(name), OptionalLong.of(content.length()),
                Map.of(DigestAlgorithm.SHA_256, sha256(content)), false);
    }

    static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(final String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static void assertRefused(final ThrowingCallable call, final Class<? extends Refusal> type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.refusal()).isInstanceOf(type));
    }
}
