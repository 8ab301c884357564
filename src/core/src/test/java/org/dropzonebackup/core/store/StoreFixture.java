package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store that is tried, and what the tests do with it. */
abstract class StoreFixture {

    private static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);

    /** The threads of all stores. */
    protected final Gate threads = new Gate();
    /** Of the store that is tried. */
    protected Store store;
    /** Of Alice in that store. */
    protected Directory directory;

    /**
     * A store with the directories {@code alice} and {@code bob}. All that are made in one test share what they keep, as two
     * servers do.
     */
    protected abstract Store newStore(Gate threads) throws IOException;

    /** A staged file of the store that is tried, whose bytes cannot be stored. */
    protected abstract StagedFile failing() throws IOException;

    /** How many things there are that are neither published files nor records of upload resources. */
    protected abstract long leftovers() throws IOException;

    @BeforeEach
    void openDirectory() throws IOException {
        store = newStore(threads);
        directory = store.open("alice");
    }

    @AfterEach
    void endThreads() {
        threads.close();
    }

    static FilePath path(final String... names) throws RefusedException {
        final FileName[] parsed = new FileName[names.length];
        for (int i = 0; i < names.length; i++) {
            parsed[i] = NAMES.name(names[i]);
        }
        return new FilePath(List.of(parsed));
    }

    static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    StagedFile staged(final String content) throws IOException {
        return staged(directory, content);
    }

    static StagedFile staged(final Directory directory, final String content) throws IOException {
        final StagedFile file = directory.stage();
        file.write(bytes(content), Retainable.NEVER);
        file.sync();
        return file;
    }

    void put(final FilePath path, final boolean replace, final String content) throws NameTakenException, IOException {
        try (StagedFile file = staged(content)) {
            directory.publish(List.of(new Publication(file, path, replace)), Action::run);
        }
    }

    void put(final String name, final String content) throws Exception {
        put(path(name), false, content);
    }

    UploadId create(final long length) throws IOException {
        return directory.create(new UploadState(0, OptionalLong.of(length), false, Map.of("owner", "alice")));
    }

    PendingUpload resume(final UploadId id) throws IOException {
        return directory.resume(id, OptionalLong.empty()).orElseThrow();
    }

    void append(final UploadId id, final String content) throws IOException {
        try (PendingUpload upload = resume(id)) {
            upload.write(bytes(content), Retainable.NEVER);
            upload.sync();
            record(upload, upload.state().offset() + content.length(), false);
        }
    }

    static void record(final PendingUpload upload, final long offset, final boolean finished) throws IOException {
        final UploadState before = upload.state();
        upload.record(new UploadState(offset, before.length(), finished, before.facts()));
    }

    void assertContent(final FilePath path, final String content) throws IOException {
        assertContent(path, content.getBytes(StandardCharsets.UTF_8));
    }

    void assertContent(final FilePath path, final byte[] content) throws IOException {
        final StoredFile file = directory.find(path).orElseThrow();
        assertThat(file.isFile()).isTrue();
        assertThat(file.size()).isEqualTo(content.length);
        final MessageDigest digest = sha256();
        assertThat(file.digest(List.of(digest), 0, Long.MAX_VALUE)).isEqualTo(content.length);
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256(content));
    }

    void assertNothingAt(final String... paths) throws Exception {
        for (final String path : paths) {
            assertThat(directory.find(path(path))).as(path).isEmpty();
        }
    }

    static String sha256(final byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Memory as servers lend it, where a block of a device may begin. */
    static ByteBuffer lent(final byte[] content) {
        final ByteBuffer memory = ByteBuffer.allocateDirect(content.length + 8192).alignedSlice(4096).limit(content.length);
        return memory.put(content).flip();
    }

    static byte[] content(final int size) {
        final byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    /** Waits until nothing is left of what was closed. */
    void assertNothingLeft() throws IOException {
        assertAllGivenBack(new Memory());
    }

    /** Waits until no memory is held either. */
    void assertAllGivenBack(final Memory memory) throws IOException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while ((memory.holders() > 0 || leftovers() > 0) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(memory.holders()).isZero();
        assertThat(leftovers()).isZero();
    }
}
