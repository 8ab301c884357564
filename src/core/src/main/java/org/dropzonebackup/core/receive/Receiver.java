package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.SpaceLedger;
import org.dropzonebackup.core.refusal.Refusal.DirectoryUnusable;
import org.dropzonebackup.core.refusal.Refusal.NameNotUsable;
import org.dropzonebackup.core.refusal.Refusal.StorageFull;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Directory.Capacity;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * The entrance for uploads of whole files, and what all uploads share: the store, the limits, and how much is reserved. There is
 * one for the whole application; safe for threads.
 */
public final class Receiver {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Store store;
    private final FileName.Rules names;
    private final Limits limits;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Executor threads;
    private final BiPredicate<String, FilePath> closed;
    private final FileHistory history;
    private final FaultLog faults = new FaultLog(System.getLogger(Receiver.class.getName()));
    private final ConcurrentMap<Object, SpaceLedger> quotas = new ConcurrentHashMap<>();
    private final ConcurrentMap<Capacity, Device> devices = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> lastTimestamp = new AtomicReference<>(Instant.EPOCH);

    /**
     * The limits of all uploads.
     *
     * @param minFileSize bytes that a file has to have
     * @param maxFileSize bytes that a file may have
     * @param freeSpaceReserve bytes of a file system that uploads may never take
     * @param existing what becomes of a file whose path is taken, unless its box says something else
     * @param subdirectories whether files may lie in directories below that of their user
     */
    public record Limits(long minFileSize, long maxFileSize, long freeSpaceReserve, Existing existing, boolean subdirectories) {

        /** Without a least size, and with directories. */
        public Limits(final long maxFileSize, final long freeSpaceReserve, final Existing existing) {
            this(0, maxFileSize, freeSpaceReserve, existing, true);
        }
    }

    /**
     * @param store where backups are kept
     * @param names which names they may bear
     * @param limits of all uploads
     * @param clock for the names of files that come without one
     * @param nanoTime for measuring durations
     * @param threads take the digests of large pieces; may reject them
     * @param closed whether a path below the directory of a box leads into that of another one, where its files must not go
     * @param journal remembers what is stored; no file stays visible that it does not take
     */
    public Receiver(final Store store, final FileName.Rules names, final Limits limits, final Clock clock,
            final LongSupplier nanoTime, final Executor threads, final BiPredicate<String, FilePath> closed, final Journal journal) {
        this.store = store;
        this.names = names;
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.threads = threads;
        this.closed = closed;
        this.history = new FileHistory(journal);
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
        return transaction(directory(box), box);
    }

    /** A transaction in a directory that is open. */
    UploadTransaction transaction(final Directory directory, final DropBox box) {
        return new UploadTransaction(this, directory, box, reserve(directory, box), receipts -> { });
    }

    /**
     * Says that files were removed from a directory, which a quota may have counted.
     *
     * @param identity of the directory
     */
    public void forgetRemoved(final Object identity) {
        final SpaceLedger quota = quotas.get(identity);
        if (quota != null) {
            quota.forgetRemoved();
        }
    }

    /** Opens the directory of a box. */
    Directory directory(final DropBox box) throws RefusedException, IOException {
        try {
            return store.open(box.directory());
        } catch (final DirectoryUnusableException e) {
            faults.report(Level.WARNING, "uploads are refused: " + e.getMessage());
            throw new RefusedException(new DirectoryUnusable());
        } catch (final StoreBusyException e) {
            throw refused(0, e);
        }
    }

    /** A step that uses the store. */
    interface Step {
        void run() throws RefusedException, IOException;
    }

    /**
     * Runs a step. If the store cannot take the upload now, the client is told so, and the log says more.
     *
     * @param wanted bytes that the step stores
     */
    void storing(final long wanted, final Step step) throws RefusedException, IOException {
        try {
            step.run();
        } catch (final StoreFullException | StoreBusyException e) {
            throw refused(wanted, e);
        }
    }

    private RefusedException refused(final long wanted, final IOException cause) {
        faults.report(Level.WARNING, "uploads are refused", cause);
        return new RefusedException(cause instanceof StoreFullException ? new StorageFull(wanted)
                : new Unavailable("The server cannot take this upload now: try again later.", RETRY_AFTER));
    }

    FileHistory history() {
        return history;
    }

    Executor threads() {
        return threads;
    }

    /**
     * Makes a path of the one that a client sent.
     *
     * @throws RefusedException with {@link NameNotUsable}
     */
    FilePath path(final DropBox box, final String submitted) throws RefusedException {
        final FilePath path = names.path(submitted, limits.subdirectories());
        if (closed.test(box.directory(), path)) {
            throw new RefusedException(new NameNotUsable("it leads into a directory that is not for these uploads"));
        }
        return path;
    }

    FileName.Rules names() {
        return names;
    }

    Limits limits() {
        return limits;
    }

    Instant now() {
        return clock.instant();
    }

    /** A name that this server has not given before, near the present time. */
    FileName nextTimestamp() {
        final Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return FileName.timestamp(
                lastTimestamp.updateAndGet(last -> now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS)));
    }

    /** A reservation of nothing yet, for what is invisible until it is published. */
    SpaceReservation reserve(final Directory directory, final DropBox box) {
        return new SpaceReservation(box, shareOfDevice(directory), shareOfQuota(directory, box));
    }

    /** The same for an upload resource; see {@link SpaceReservation#ofResource}. */
    SpaceReservation reserveForResource(final Directory directory, final DropBox box, final long counted, final long stored,
            final long offset) {
        return SpaceReservation.ofResource(
                box, shareOfDevice(directory), shareOfQuota(directory, box), counted, stored, offset);
    }

    private Optional<SpaceReservation.Share> shareOfQuota(final Directory directory, final DropBox box) {
        if (box.quota().isEmpty()) {
            return Optional.empty();
        }
        final SpaceLedger ledger =
                quotas.computeIfAbsent(directory.identity(), first -> new SpaceLedger(directory::usage, nanoTime));
        return Optional.of(new SpaceReservation.Share(ledger, box.quota().getAsLong()));
    }

    private SpaceReservation.Share shareOfDevice(final Directory directory) {
        final Capacity capacity = directory.capacity();
        final Device device = devices.computeIfAbsent(capacity, first -> new Device(nanoTime));
        device.newest = capacity;
        return new SpaceReservation.Share(device.ledger, -limits.freeSpaceReserve());
    }

    /** The free space of a device, asked by way of the directory that was used last: an earlier one may be gone. */
    private static final class Device {

        private final SpaceLedger ledger;
        private volatile Capacity newest;

        Device(final LongSupplier nanoTime) {
            // Counted down from all that there is, so that nobody has to ask how much that is
            this.ledger = new SpaceLedger(() -> -newest.usable(), nanoTime);
        }
    }
}
