package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;

/** A server as a process, to be killed: goes on with an upload in pieces, and tells of each that is there for certain. */
final class PiecewiseSender {

    static final Owner OWNER = new Owner(Optional.of("alice"), "tus");
    static final DropBox BOX = new DropBox("alice", OptionalLong.empty());
    static final int PIECE = 30_000;

    private PiecewiseSender() {
    }

    /**
     * @param arguments base directory, id, seed of the content
     */
    public static void main(final String... arguments) throws Exception {
        final ResumableReceiver server = server(Path.of(arguments[0]));
        final UploadId id = UploadId.parse(arguments[1]).orElseThrow();
        final UploadResource upload = server.look(BOX, OWNER, id);
        final byte[] content = content(Long.parseLong(arguments[2]), (int) upload.length().orElseThrow());
        try (Append append = server.append(BOX, OWNER, id, upload.offset(), () -> { })) {
            while (append.offset() < content.length) {
                append.write(ByteBuffer.wrap(content, (int) append.offset(),
                        (int) Math.min(PIECE, content.length - append.offset())), Retainable.NEVER);
                append.checkpoint();
                System.out.println(append.offset());
            }
            final Completion completion = append.complete((notes, files) -> {
                throw new IllegalStateException("it is a file");
            });
            while (completion.commit().isEmpty()) {
                while (completion.readBack()) {
                    // What came before the last kill
                }
            }
            System.out.println("complete");
        }
    }

    static ResumableReceiver server(final Path base) {
        final LocalStore store = new LocalStore(base, ".~tmp", false, true, Runnable::run);
        return new ResumableReceiver(new Receiver(store, new FileName.Rules(".~tmp", false),
                new Receiver.Limits(1 << 30, 0, Existing.REFUSE), Clock.systemUTC(), System::nanoTime, Runnable::run, (home, path) -> false,
                TestJournals.in(base)),
                Duration.ofDays(7), Clock.systemUTC());
    }

    static UploadId create(final ResumableReceiver server, final String name, final int length) throws Exception {
        return server.create(BOX, OWNER,
                new Announcement(Optional.of(name), OptionalLong.of(length), Map.of(), false), Map.of());
    }

    static byte[] content(final long seed, final int length) {
        final byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }
}
