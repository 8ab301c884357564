package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.Reservation;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.refusal.Refusal.DirectoryUnusable;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Directory.Volume;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * Receives uploads into a store, within the limits. One for the whole application; safe for threads.
 */
public final class Receiver {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Store store;
    private final FileName.Rules names;
    private final Limits limits;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Executor helpers;
    private final FaultLog faults = new FaultLog(System.getLogger(Receiver.class.getName()));
    private final ConcurrentMap<Object, SpaceLedger> quotas = new ConcurrentHashMap<>();
    private final ConcurrentMap<Volume, Space> volumes = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> lastTimestamp = new AtomicReference<>(Instant.EPOCH);

    /**
     * What an upload may do.
     *
     * @param minFileSize bytes that a file has to have
     * @param maxFileSize bytes that a file may have
     * @param freeSpaceReserve bytes of a file system that uploads may never take
     * @param overwrite whether a file may be replaced by one of the same name
     */
    public record Limits(long minFileSize, long maxFileSize, long freeSpaceReserve, boolean overwrite) {

        /** Without a least size. */
        public Limits(final long maxFileSize, final long freeSpaceReserve, final boolean overwrite) {
            this(0, maxFileSize, freeSpaceReserve, overwrite);
        }
    }

    /**
     * @param store where backups are kept
     * @param names which names they may bear
     * @param limits what an upload may do
     * @param clock for the names of files that come without one
     * @param nanoTime for measuring durations
     * @param helpers take digests of what comes fast; may refuse to
     */
    public Receiver(final Store store, final FileName.Rules names, final Limits limits, final Clock clock,
            final LongSupplier nanoTime, final Executor helpers) {
        this.store = store;
        this.names = names;
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.helpers = helpers;
    }

    /**
     * Begins to receive the files of one request.
     *
     * @param box where they go
     * @return to be closed in any case
     * @throws RefusedException with {@link DirectoryUnusable}; the log names the directory
     * @throws IOException if the store fails
     */
    public UploadTransaction open(final DropBox box) throws RefusedException, IOException {
        return new UploadTransaction(this, opened(() -> store.open(box.directory())), box);
    }

    /** Opens a directory. */
    interface Opening<D extends Directory> {
        D open() throws IOException;
    }

    <D extends Directory> D opened(final Opening<D> opening) throws RefusedException, IOException {
        try {
            return opening.open();
        } catch (final DirectoryUnusableException e) {
            faults.report(Level.WARNING, "uploads are refused: " + e.getMessage());
            throw new RefusedException(new DirectoryUnusable());
        } catch (final StoreBusyException e) {
            throw refused(0, e);
        }
    }

    /**
     * What the client is told of a store that cannot take its upload now; the log says more.
     *
     * @param cause a {@link StoreFullException}, or that it is busy
     */
    RefusedException refused(final long wanted, final IOException cause) {
        faults.report(Level.WARNING, "uploads are refused", cause);
        return new RefusedException(cause instanceof StoreFullException ? new StorageFull(wanted)
                : new Unavailable("The server cannot take this upload now: try again later.", RETRY_AFTER));
    }

    Executor helpers() {
        return helpers;
    }


    FileName.Rules names() {
        return names;
    }

    Limits limits() {
        return limits;
    }

    /** A name that this server has not given before, near the present time. */
    FileName nextTimestamp() {
        final Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return FileName.timestamp(
                lastTimestamp.updateAndGet(last -> now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS)));
    }

    Reservation reserveQuota(final Directory directory, final OptionalLong quota) {
        final SpaceLedger ledger =
                quotas.computeIfAbsent(directory.identity(), d -> new SpaceLedger(directory::usage, nanoTime));
        return new Reservation(ledger, quota.getAsLong());
    }

    Reservation reserveSpace(final Directory directory) {
        final Volume volume = directory.volume();
        final Space space = volumes.computeIfAbsent(volume, first -> new Space(nanoTime));
        space.newest = volume;
        return new Reservation(space.ledger, -limits.freeSpaceReserve());
    }

    /** The free space of a file system, asked by way of the directory that was used last: an earlier one may be gone. */
    private static final class Space {

        private final SpaceLedger ledger;
        private volatile Volume newest;

        Space(final LongSupplier nanoTime) {
            // Counted down from all that there is, so that nobody has to ask how much that is
            this.ledger = new SpaceLedger(() -> -newest.usable(), nanoTime);
        }
    }
}
