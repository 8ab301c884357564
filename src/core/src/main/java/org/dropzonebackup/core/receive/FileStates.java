package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.Optional;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.StoredFile;

/** Tells who has a receipt whether the file is still there. No file is read. Safe for threads. */
public final class FileStates {

    private final Receiver receiver;
    private final Journal journal;

    /**
     * What somebody says of a file.
     *
     * @param entry of the file in the journal, as a receipt tells of it
     */
    public record Claim(String path, long size, String sha256, Optional<EntryClaim> entry) {
    }

    /** An entry by the number of its chain, its own, and its hash. */
    public record EntryClaim(int chain, long seq, String hash) {
    }

    /** What became of the file. */
    public enum State {
        /** It is there as it was stored, as far as that is seen without reading it. */
        STORED,
        /** It is there and was changed. */
        DAMAGED,
        /** It is not there. */
        MISSING,
        /** The journal does not say that the file has, or had last, this content: it never had, or was replaced or removed. */
        UNKNOWN
    }

    /** A state, and since when the journal has the file; none if it is unknown. */
    public record Told(State state, Optional<Line> entry) {
    }

    public FileStates(final Receiver receiver, final Journal journal) {
        this.receiver = receiver;
        this.journal = journal;
    }

    /**
     * Whether the journal has an entry. A receipt whose entry it has not is a proof that somebody has altered the journal, or put
     * another in its place.
     *
     * @throws IOException if the journal cannot be read
     */
    public boolean isEntered(final EntryClaim claim) throws IOException {
        return journal.entry(claim.chain(), claim.seq()).filter(line -> line.hash().equals(claim.hash())).isPresent();
    }

    /**
     * The state of a file in a box. Who does not know its path and its content is told nothing but that it is unknown.
     *
     * @throws RefusedException if the box cannot be used now
     * @throws IOException if the store or the journal fails
     */
    public Told of(final DropBox box, final Claim claim) throws RefusedException, IOException {
        final Optional<Line> newest = journal.find(box.directory(), claim.path())
                .filter(line -> line.entry().event().tellsOfAFile() || line.entry().event() == Event.DAMAGED)
                .filter(line -> line.file().size() == claim.size() && line.file().sha256().equals(claim.sha256()));
        if (newest.isEmpty()) {
            return new Told(State.UNKNOWN, newest);
        }
        final Optional<StoredFile> file = receiver.directory(box).find(FilePath.ofStored(claim.path())).filter(StoredFile::isFile);
        if (file.isEmpty()) {
            return new Told(State.MISSING, newest);
        }
        final boolean whole = newest.get().entry().event() != Event.DAMAGED
                && newest.get().isOf(file.get().size(), file.get().storedAt());
        return new Told(whole ? State.STORED : State.DAMAGED, newest);
    }
}
