package org.dropzonebackup.core.receive;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Executor;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;

/**
 * The digests of an upload resource. They may be behind its bytes: if another process received some, or this one was restarted,
 * those are read back. Belongs to one {@link Append}; not safe for threads.
 */
final class ResourceDigests {

    /** Bytes that are read back at a time. */
    private static final long STEP = 64 << 20;
    /** Bytes: several times what comes between two checkpoints, so that the digests come nearer with each. */
    private static final long MOST = 8 * STEP;
    /** Bytes: so few are read back at once, without steps. */
    private static final long SHORT = 1 << 20;

    private final Memory memory;
    private final UploadId id;
    private final PendingUpload upload;
    private final ContentDigests digests;
    /** Bytes up to which it is read back. */
    private long goal;

    /**
     * The digests of upload resources up to their last checkpoints, as far as this process has seen their bytes. Safe for
     * threads.
     *
     * <p>Java's digests can be copied but not saved, so they are kept in memory from one request to the next. What this process
     * has not seen is read again: several times as much at each checkpoint as comes between two, and the rest in the end.
     * BouncyCastle's digests can be saved in the record and would spare that, but are so much slower that it does not pay. On
     * one core of the machine where this was decided, in CPU time, SHA-256 takes 1,780 MB/s in Java and 190 in BouncyCastle
     * (SHA-512: 700 and 270), and reading a file again and digesting it in Java 1,300 MB/s. To digest all bytes twice would
     * still cost a quarter of digesting them once in the other way.
     */
    static final class Memory {

        private static final long MOST_RESOURCES = 10_000;

        private final Executor threads;
        /** Each takes some hundred bytes. */
        private final Cache<UploadId, ContentDigests> digests = Caffeine.newBuilder().maximumSize(MOST_RESOURCES).build();

        /**
         * @param threads digest large pieces
         */
        Memory(final Executor threads) {
            this.threads = threads;
        }

        /** Digests of the first bytes, of as many as are known. */
        private ContentDigests get(final UploadId id, final long offset, final Map<DigestAlgorithm, byte[]> expected) {
            final ContentDigests remembered = digests.getIfPresent(id);
            return remembered != null && remembered.position() <= offset
                    ? remembered.copy() : new ContentDigests(expected, threads);
        }

        void forget(final UploadId id) {
            digests.invalidate(id);
        }
    }

    /**
     * @param upload whose bytes are read back
     * @param expected digests that its client announced
     */
    ResourceDigests(final Memory memory, final UploadId id, final PendingUpload upload,
            final Map<DigestAlgorithm, byte[]> expected) {
        this.memory = memory;
        this.id = id;
        this.upload = upload;
        this.digests = memory.get(id, upload.state().offset(), expected);
    }

    ContentDigests digests() {
        return digests;
    }

    /**
     * Takes bytes that come, unless the digests are behind.
     *
     * @param offset of the first of them
     */
    void update(final ByteBuffer bytes, final long offset, final Retainable lent) {
        if (digests.position() == offset) {
            digests.update(bytes, lent);
        }
    }

    /** Remembers the digests for the next request, and lets them be read on if they are behind. May wait. */
    void checkpoint(final long offset) {
        remember();
        goal = Math.min(offset, digests.position() + MOST);
    }

    /** Only of bytes that are recorded: other ones may come in place of the rest, and to another server. */
    private void remember() {
        if (digests.position() <= upload.state().offset()) {
            memory.digests.put(id, digests.copy());
        }
    }

    /** Whether bytes have to be read back now. */
    boolean isBehind() {
        return digests.position() < goal;
    }

    /** Reads back a step of bounded length. */
    void readOn() throws IOException {
        read(Math.min(goal, digests.position() + STEP));
        remember();
    }

    /**
     * Reads back all that is missing up to the end, if it is little.
     *
     * @return whether nothing is missing; else {@link #readOn} while it {@link #isBehind}, and this again
     */
    boolean complete(final long end) throws IOException {
        goal = end;
        if (digests.position() >= end - SHORT) {
            read(end);
        }
        return !isBehind();
    }

    private void read(final long end) throws IOException {
        Completion.read(upload, digests.position(), end, bytes -> digests.update(bytes, Retainable.NEVER));
    }
}
