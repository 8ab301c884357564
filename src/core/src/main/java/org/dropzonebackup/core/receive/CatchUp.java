package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.function.Consumer;
import org.dropzonebackup.core.store.PendingUpload;

/**
 * The digests of an upload resource where they are behind: another process was at work, or this one was started anew, and so
 * bytes have to be read back. Belongs to one {@link Append}; not safe for threads.
 */
final class CatchUp {

    /** Bytes that are read back at a time. */
    private static final long STEP = 64 << 20;
    /** Several times what comes between two checkpoints: what is behind comes nearer with each. */
    private static final long MOST = 8 * STEP;
    /** Bytes: whoever completes an upload waits until so few are read back. */
    private static final long SHORT = 1 << 20;

    private final PendingUpload upload;
    private final Hashing hashing;
    private final Consumer<Hashing> done;
    private long goal;

    /**
     * @param done is told when it has come nearer
     */
    CatchUp(final PendingUpload upload, final Hashing hashing, final Consumer<Hashing> done) {
        this.upload = upload;
        this.hashing = hashing;
        this.done = done;
    }

    /** There is time to come nearer. */
    void begin(final long offset) {
        goal = Math.min(offset, hashing.position() + MOST);
    }

    /**
     * All is to be read.
     *
     * @return whether that takes so long that it is left to {@link #readOn}
     */
    boolean beginAll(final long offset) {
        goal = offset;
        return hashing.position() < offset - SHORT;
    }

    boolean isUnderWay() {
        return hashing.position() < goal;
    }

    void readOn() throws IOException {
        read(Math.min(goal, hashing.position() + STEP));
        done.accept(hashing);
    }

    void end() throws IOException {
        read(goal);
    }

    private void read(final long to) throws IOException {
        Unpacking.read(upload, hashing.position(), to, hashing::update);
    }
}
