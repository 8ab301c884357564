package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.store.memory.MemoryStore;

/** A drop box on either store, in which a file whose path is taken is kept beside the other, and servers that have it. */
final class KeepingBox {

    static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);
    static final DropBox BOX = new DropBox("alice", OptionalLong.empty());

    /** What keeps the files. */
    enum Kind { FILES, MEMORY }

    private final SettableClock clock = new SettableClock();
    private final Path base;
    private final Optional<MemoryStore> memory;

    KeepingBox(final Kind kind, final Path base) throws IOException {
        this.base = base;
        this.memory = kind == Kind.MEMORY ? Optional.of(new MemoryStore(Runnable::run)) : Optional.empty();
        Files.createDirectories(base.resolve("alice"));
    }

    /** Of all servers. */
    SettableClock clock() {
        return clock;
    }

    /** As the names of files tell it. */
    String time() {
        return clock.instant().toString().substring(0, "2026-11-30T02:17:00".length()).replace(':', '-') + "Z";
    }

    private Store store() {
        return memory.isPresent() ? memory.get() : new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    /** Another one each time. */
    Receiver server() {
        return server(Existing.KEEP);
    }

    Receiver server(final Existing existing) {
        return server(existing, NAMES);
    }

    Receiver server(final Existing existing, final FileName.Rules names) {
        return new Receiver(store(), names, new Receiver.Limits(1 << 30, 0, existing), clock, clock::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base));
    }

    /** Another one each time. */
    ResumableReceiver resumable() {
        return new ResumableReceiver(server(), AlicesBox.WEEK, clock);
    }

    /** Sends files, and reads what has to be read for them. */
    static List<Receipt> send(final Receiver server, final DropBox to, final Map<Announcement, byte[]> files)
            throws RefusedException, IOException {
        try (UploadTransaction transaction = server.open(to)) {
            for (final Map.Entry<Announcement, byte[]> each : files.entrySet()) {
                final IncomingFile file = transaction.begin(each.getKey());
                if (transaction.readsBack()) {
                    readBack(transaction);
                    file.admit();
                }
                if (file.alreadyStored().isEmpty() || files.size() > 1) {
                    file.write(ByteBuffer.wrap(each.getValue()), Retainable.NEVER);
                    file.finish();
                } else {
                    return List.of(file.alreadyStored().get());
                }
            }
            List<Receipt> receipts = transaction.commit();
            while (receipts.isEmpty()) {
                readBack(transaction);
                receipts = transaction.commit();
            }
            return receipts;
        }
    }

    /** @return how many steps that took */
    static int readBack(final UploadTransaction transaction) throws IOException {
        int steps = 1;
        while (transaction.readBack()) {
            steps++;
        }
        assertThat(transaction.readsBack()).isFalse();
        return steps;
    }

    Receipt send(final Announcement announced, final String content) throws RefusedException, IOException {
        return send(server(), BOX, Map.of(announced, content.getBytes(StandardCharsets.UTF_8))).get(0);
    }

    /** Without a digest. */
    Receipt send(final String name, final String content) throws RefusedException, IOException {
        return send(AlicesBox.announced(name), content);
    }

    /** A file as an announcement tells of it, with the digest of its content. */
    static Announcement meant(final String name, final byte[] content, final boolean sparable) throws Exception {
        return new Announcement(Optional.of(name), OptionalLong.of(content.length),
                Map.of(DigestAlgorithm.SHA_256, MessageDigest.getInstance("SHA-256").digest(content)), sparable);
    }

    static Announcement meant(final String name, final String content, final boolean sparable) throws Exception {
        return meant(name, content.getBytes(StandardCharsets.UTF_8), sparable);
    }

    /** Paths of the files in the same directory as one, with their digests. */
    Map<String, String> stored(final String beside) throws RefusedException, IOException {
        final Directory directory = store().open("alice");
        final FilePath path = NAMES.path(beside, true);
        final Map<String, String> stored = new TreeMap<>();
        for (final String name : directory.names(path, "")) {
            final Optional<StoredFile> file = name.endsWith(".~tmp") ? Optional.empty() : directory.find(path.beside(NAMES.name(name)));
            if (file.isPresent() && file.get().isFile()) {
                final MessageDigest digest = DigestAlgorithm.SHA_256.start();
                file.get().digest(List.of(digest), 0, Long.MAX_VALUE);
                stored.put(path.beside(NAMES.name(name)).toString(), HexFormat.of().formatHex(digest.digest()));
            }
        }
        return stored;
    }

    /** On a file system. */
    Path resolve(final String path) {
        return base.resolve("alice").resolve(path);
    }
}
