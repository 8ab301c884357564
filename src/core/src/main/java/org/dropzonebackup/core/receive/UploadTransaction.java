package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.Refusal.NameTwice;
import org.dropzonebackup.core.refusal.Refusal.NoFile;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;

/**
 * The files of one request, which are stored together or not at all: {@link #begin} each of them, write and finish it; then
 * {@link #commit}, and {@link #close} in any case.
 *
 * <p>Where a stored file may be what the client sends, it may have to be read, which takes as long as the file is large. Threads
 * that wait for the device a short time only do not do that: if the transaction {@link #readsBack} after {@link #begin} or
 * {@link #commit}, nothing is decided yet. Then {@link #readBack} until there is no more to read, and {@link IncomingFile#admit}
 * or {@link #commit} again.
 *
 * <p>After any exception it can only be closed. Not safe for threads.
 */
public final class UploadTransaction implements AutoCloseable {

    private final Receiver receiver;
    private final Directory directory;
    private final DropBox box;
    private final SpaceReservation reservation;
    private final Expectation expectation;
    private final List<IncomingFile> files = new ArrayList<>();
    private final Set<FilePath> paths = new HashSet<>();
    private Optional<Announcement> claimed = Optional.empty();

    /** Is told of the receipts that the files are going to have, before each attempt to publish them. */
    interface Expectation {
        void expect(List<Receipt> receipts) throws IOException;
    }

    /**
     * @param reservation of all files; closed by this
     */
    UploadTransaction(final Receiver receiver, final Directory directory, final DropBox box, final SpaceReservation reservation,
            final Expectation expectation) {
        this.receiver = receiver;
        this.directory = directory;
        this.box = box;
        this.reservation = reservation;
        this.expectation = expectation;
    }

    /** Whether {@link #prepare} may take long, because files have to be counted for a quota. */
    public boolean needsPreparation() {
        return box.quota().isPresent();
    }

    /**
     * Counts what has to be counted, so that no file that begins soon has to wait for that.
     *
     * @throws IOException if the store fails
     */
    public void prepare() throws IOException {
        reservation.measureQuota();
    }

    /**
     * Takes what the request says of the only file that it carries, before that file begins. If it says something that can be
     * true of one file only, a second file is refused.
     *
     * @param claim without a name
     */
    public void claim(final Announcement claim) {
        claimed = Optional.of(claim);
    }

    /**
     * Begins a file. If its name is taken, and the announcement has digests and is sparable, stored files are compared first.
     *
     * @return the file; perhaps {@linkplain IncomingFile#alreadyStored stored already}
     * @throws RefusedException if the file is refused before its bytes
     * @throws IOException if the store fails
     */
    public IncomingFile begin(final Announcement said) throws RefusedException, IOException {
        final Announcement announcement = claimed.isPresent() ? said.and(claimed.get()) : said;
        if (claimed.isPresent() && claimed.get().isOfOneFile() && !files.isEmpty()) {
            throw new RefusedException(new Malformed("This request has a digest or a length for one file, and carries more"
                    + " than one: send the digest of each file among the headers of its part."));
        }
        if (!files.isEmpty()) {
            last().seal();
        }
        final IncomingFile file = new IncomingFile(receiver, directory, box, announcement, reservation);
        box.pass();
        add(file);
        file.admit();
        return file;
    }

    /**
     * Takes a file all of whose bytes came.
     *
     * @throws RefusedException with {@link NameTwice}
     */
    void add(final IncomingFile file) throws RefusedException {
        if (!paths.add(file.path())) {
            throw new RefusedException(new NameTwice(file.path().toString()));
        }
        files.add(file);
    }

    private IncomingFile last() {
        return files.get(files.size() - 1);
    }

    /** Bytes that came of the file that began last. */
    public long position() {
        return files.isEmpty() ? 0 : last().size();
    }

    /** Whether stored files have to be read before it goes on. */
    public boolean readsBack() {
        return comparisons().findAny().isPresent();
    }

    /**
     * Reads more of the stored files, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws IOException if the store fails
     */
    public boolean readBack() throws IOException {
        final Optional<Comparison> next = comparisons().findFirst();
        return next.isPresent() && next.get().readOn() || readsBack();
    }

    private Stream<Comparison> comparisons() {
        return files.stream().map(IncomingFile::comparison).filter(Comparison::isUnderWay);
    }

    private boolean mayReplace() {
        return box.existing(receiver.limits()) == Existing.REPLACE;
    }

    /** Whether {@link #commit} may wait: for the device, for digests, or for other requests. */
    public boolean commitsSlowly() {
        return directory.syncs() || mayReplace() || files.size() != 1 || last().commitsSlowly();
    }

    /**
     * Verifies all files and makes them durable and visible. May take as long as the device needs to write them.
     *
     * @return their receipts, in the order of the request; none if it {@link #readsBack} now
     * @throws RefusedException if there is no file, or one of them cannot be published; then none of them is stored
     * @throws IOException if the store fails; then none of them is stored
     */
    public List<Receipt> commit() throws RefusedException, IOException {
        if (files.isEmpty()) {
            throw new RefusedException(new NoFile());
        }
        receiver.storing(0, this::store);
        return readsBack() ? List.of() : files.stream().map(IncomingFile::receipt).toList();
    }

    private void store() throws RefusedException, IOException {
        for (final IncomingFile file : files) {
            file.verify();
        }
        for (final IncomingFile file : files) {
            file.compareLast();
        }
        if (readsBack()) {
            return;
        }
        for (final IncomingFile file : files) {
            file.makeDurable();
        }
        for (final IncomingFile file : files) {
            file.lookAhead();
        }
        boolean again = !readsBack();
        while (again) {
            again = publish(files.stream().filter(IncomingFile::isPending).toList());
        }
    }

    /** @return whether those that are pending then are to be published again */
    private boolean publish(final List<IncomingFile> pending) throws RefusedException, IOException {
        final Optional<IncomingFile> unstaged = pending.stream().filter(file -> !file.isStaged()).findFirst();
        if (pending.isEmpty() || unstaged.isPresent()) {
            return unstaged.isPresent() && unstaged.get().giveWay(unstaged.get().path());
        }
        final List<Receipt> receipts = new ArrayList<>();
        for (final IncomingFile file : pending) {
            receipts.add(file.expectedReceipt());
        }
        expectation.expect(receipts);
        final List<Receipt> stored = new ArrayList<>();
        // A measurement meanwhile may have missed what was to be replaced
        boolean measurable = false;
        try {
            reservation.settle(pending.stream().mapToLong(IncomingFile::size).sum(),
                    () -> directory.publish(pending.stream().map(IncomingFile::publication).toList(),
                            names -> stored.addAll(receiver.history().stored(box, receipts, names))));
            measurable = true;
        } catch (final NameTakenException e) {
            measurable = pending.size() == 1;
            return pending.stream().filter(file -> file.publication().equals(e.publication())).findFirst().orElseThrow()
                    .giveWay(e.taken());
        } finally {
            if (!measurable) {
                reservation.forgetMeasurement();
            }
        }
        for (int i = 0; i < receipts.size(); i++) {
            pending.get(i).published(stored.get(i));
        }
        if (mayReplace()) {
            reservation.forgetRemoved();
        }
        return false;
    }

    /**
     * Gives up what was not committed.
     *
     * @throws IOException if a staged file is left behind; all else is given up
     */
    @Override
    public void close() throws IOException {
        Throwable failure = null;
        for (final IncomingFile file : files) {
            try {
                file.close();
            } catch (final IOException | RuntimeException | Error e) {
                // The others are to be closed too
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        files.clear();
        reservation.close();
        if (failure != null) {
            throw failure instanceof IOException fault ? fault : new IOException(failure);
        }
    }
}
