package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.Reservation;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NameTwice;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * The files of one request, which succeed or fail together: for each of them {@link #begin}, {@link #write} as often as
 * bytes come, {@link #finish}; then {@link #commit}, and {@link #close} in any case.
 *
 * <p>Where a stored file may be what the client sends, it has to be read, and that takes as long as the file is large. It is
 * not done by what waits for the device a short time only: if it {@link #readsBack} after {@link #begin} or {@link #commit},
 * nothing is decided yet; then {@link #readBack}, until there is no more, and {@link #admit} or {@link #commit} again.
 *
 * <p>After any exception nothing but {@link #close} makes sense. Not safe for threads.
 */
public final class UploadTransaction implements AutoCloseable {

    private final Receiver receiver;
    private final Directory directory;
    private final DropBox box;
    private final List<IncomingFile> arrivals = new ArrayList<>();
    private final Set<FileName> names = new HashSet<>();
    private IncomingFile current;
    private Optional<Announcement> claimed = Optional.empty();

    UploadTransaction(final Receiver receiver, final Directory directory, final DropBox box) {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
    }

    /**
     * Whether {@link #prepare} may take long, since files have to be counted for a quota.
     */
    public boolean needsPreparation() {
        return box.quota().isPresent();
    }

    /**
     * Counts what has to be counted, so that no file that begins soon has to wait for that.
     *
     * @throws IOException if the store fails
     */
    public void prepare() throws IOException {
        if (box.quota().isPresent()) {
            try (Reservation nothing = receiver.reserveQuota(directory, box.quota())) {
                nothing.grow(0);
            }
        }
    }

    /**
     * Takes what the request says of the only file that it carries, to be called before that begins. If it says something
     * that can be true of one file only, a second one is refused.
     *
     * @param claim without a name
     */
    public void claim(final Announcement claim) {
        claimed = Optional.of(claim);
    }

    /**
     * Begins a file. If its name is taken and the announcement has digests and is sparable, what is stored is to be compared
     * first.
     *
     * @return the receipt of this very file if it is stored already; its bytes need not come then, and are only compared
     *         with the announced digests if they do
     * @throws RefusedException if the file is refused before its bytes
     * @throws IOException if the store fails
     */
    public Optional<Receipt> begin(final Announcement said) throws RefusedException, IOException {
        final Announcement announcement = claimed.isPresent() ? said.and(claimed.get()) : said;
        if (claimed.isPresent() && claimed.get().isOfOneFile() && !arrivals.isEmpty()) {
            throw new RefusedException(new Malformed("This request has a digest or a length for one file, and carries more"
                    + " than one: send the digest of each file among the headers of its part."));
        }
        if (!arrivals.isEmpty()) {
            arrivals.get(arrivals.size() - 1).seal();
        }
        current = new IncomingFile(receiver, directory, box, announcement);
        if (!names.add(current.name())) {
            throw new RefusedException(new NameTwice(current.name().toString()));
        }
        arrivals.add(current);
        return admit();
    }

    /**
     * Goes on with what {@link #begin} began, now that what is stored was read.
     *
     * @return as {@link #begin} does
     * @throws RefusedException as {@link #begin} does
     * @throws IOException as {@link #begin} does
     */
    public Optional<Receipt> admit() throws RefusedException, IOException {
        try {
            current.admit();
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(current.announcedLength(), e);
        }
        return current.alreadyStored();
    }

    /** Whether a file has begun. */
    public boolean hasBegun() {
        return current != null;
    }

    /** Whether a stored file has to be read before it goes on. */
    public boolean readsBack() {
        return comparisons().findAny().isPresent();
    }

    /**
     * Reads more of the stored files that have to be read, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws IOException if the store fails
     */
    public boolean readBack() throws IOException {
        final Optional<Comparison> next = comparisons().findFirst();
        return next.isPresent() && next.get().readOn() || readsBack();
    }

    private Stream<Comparison> comparisons() {
        return arrivals.stream().map(IncomingFile::comparison).filter(Comparison::isUnderWay);
    }

    /** Takes a file whose bytes have come already, in place of {@link #begin} and {@link #write}. */
    void add(final IncomingFile file) {
        current = file;
        names.add(file.name());
        arrivals.add(file);
    }

    /** Bytes that came of the file that was begun last. */
    public long position() {
        return current == null ? 0 : current.size();
    }

    /**
     * Takes more of the file that was begun; consumes all remaining bytes.
     *
     * @param memory of the bytes; retained until their digest is taken, if it can be
     * @throws RefusedException if a limit is crossed
     * @throws IOException if the store fails
     */
    public void write(final ByteBuffer bytes, final Retainable memory) throws RefusedException, IOException {
        final int count = bytes.remaining();
        try {
            current.write(bytes, memory);
        } catch (final StoreFullException e) {
            throw receiver.refused(count, e);
        }
    }

    /**
     * Ends the file that was begun.
     *
     * @throws RefusedException if it is not as announced, or the store is full
     * @throws IOException if the store fails
     */
    public void finish() throws RefusedException, IOException {
        try {
            current.finish();
        } catch (final StoreFullException e) {
            throw receiver.refused(0, e);
        }
    }

    /** Whether {@link #commit} may wait for the device, or for other requests. */
    public boolean commitsSlowly() {
        return directory.syncs() || receiver.limits().overwrite() || arrivals.size() != 1 || current.isComparedLast();
    }

    /**
     * Makes all files durable and visible. May take as long as the device needs to write them.
     *
     * @return their receipts, in the order of the request; none if it {@link #readsBack} now
     * @throws RefusedException if there is none, or one of them cannot be published; then none of them is there
     * @throws IOException if the store fails; then none of them is there
     */
    public List<Receipt> commit() throws RefusedException, IOException {
        if (arrivals.isEmpty()) {
            throw new RefusedException(new NoFile());
        }
        try {
            publish();
        } catch (final StoreFullException | StoreBusyException e) {
            throw receiver.refused(0, e);
        }
        if (readsBack()) {
            return List.of();
        }
        final List<Receipt> receipts = new ArrayList<>(arrivals.size());
        for (final IncomingFile arrival : arrivals) {
            receipts.add(arrival.confirm());
        }
        return receipts;
    }

    private void publish() throws RefusedException, IOException {
        for (final IncomingFile arrival : arrivals) {
            arrival.compareLast();
        }
        if (readsBack()) {
            return;
        }
        for (final IncomingFile arrival : arrivals) {
            arrival.sync();
        }
        for (final IncomingFile arrival : arrivals) {
            arrival.publish();
        }
        if (!readsBack()) {
            directory.sync();
        }
    }

    /**
     * Undoes all that was not committed.
     *
     * @throws IOException if something is left behind, with the suffix of staging files; all else is undone
     */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        // Backwards, as each may have replaced what an earlier one published
        for (int i = arrivals.size() - 1; i >= 0; i--) {
            try {
                arrivals.get(i).close();
            } catch (final IOException | RuntimeException | Error e) {
                // The others are to be undone, and their room given back
                if (failure == null) {
                    failure = e instanceof IOException fault ? fault : new IOException(e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        arrivals.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
