package org.dropzonebackup.web.health;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.store.Store;

/**
 * Whether the server takes uploads, as a thread in the background has found last. Whoever asks waits for nothing, and never for a
 * device. Safe for threads.
 */
public final class Health implements Runnable {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Health.class.getName()));
    /** A look that takes longer waits for a device that hangs. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private final Store store;
    private final Journal journal;
    private final long reserve;
    private final LongSupplier nanoTime;
    private final SpaceWatch space;
    private volatile Seen last;
    private volatile boolean stopping;

    /** Is told the free space each time that it is looked at. */
    @FunctionalInterface
    public interface SpaceWatch {
        /** @param reserve bytes that uploads may never take */
        void seen(long usable, long reserve);
    }

    /** What may be said of a server. */
    public enum State {
        /** It takes uploads. */
        OK,
        /** It has not looked yet. */
        STARTING,
        /** It ends what is under way, and takes no more. */
        STOPPING,
        /** A setting is wrong. */
        MISCONFIGURED,
        /** There is no space but what is reserved. */
        FULL,
        /** The base directory or the journal cannot be used, or the device does not answer. */
        UNAVAILABLE
    }

    private record Seen(State state, long at) {
    }

    /**
     * @param reserve bytes of the base directory's file system that uploads may never take
     * @param nanoTime for measuring durations
     * @param space is told the free space
     */
    public Health(final Store store, final Journal journal, final long reserve, final LongSupplier nanoTime, final SpaceWatch space) {
        this.store = store;
        this.journal = journal;
        this.reserve = reserve;
        this.nanoTime = nanoTime;
        this.space = space;
    }

    /** Looks, and may wait for a device. To be called every few seconds by one thread. */
    @Override
    public void run() {
        last = new Seen(look(), nanoTime.getAsLong());
    }

    private State look() {
        try {
            final long usable = store.open("").capacity().usable();
            if (usable > reserve) {
                journal.open();
            }
            space.seen(usable, reserve);
            return usable > reserve ? State.OK : State.FULL;
        } catch (final IOException | RuntimeException e) {
            FAULTS.report(Level.ERROR, "no upload can be stored: " + (e instanceof IOException fault ? FileFault.describe(fault) : e));
            return State.UNAVAILABLE;
        }
    }

    /** From now on it is stopping, whatever is found. */
    public void stop() {
        stopping = true;
    }

    /** The state now. */
    public State state() {
        final Seen seen = last;
        if (stopping) {
            return State.STOPPING;
        }
        if (seen == null) {
            return State.STARTING;
        }
        return nanoTime.getAsLong() - seen.at() > LONGEST_LOOK.toNanos() ? State.UNAVAILABLE : seen.state();
    }
}
