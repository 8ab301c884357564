package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.JournalUnwritableException;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.store.StoreFullException;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.threads.Action;

/** What the journal is told of the files of a box, and tells of them. Safe for threads. */
final class FileHistory {

    private final Journal journal;

    FileHistory(final Journal journal) {
        this.journal = journal;
    }

    /**
     * Remembers files that are visible now.
     *
     * @param names makes that durable
     * @return their receipts with the entries
     * @throws StoreFullException if the journal has no space; it remembers none of them
     * @throws IOException if it cannot be written, or the names do not become durable; the same
     */
    List<Receipt> stored(final DropBox box, final List<Receipt> receipts, final Action names) throws IOException {
        return append(Event.STORED, box, receipts, names);
    }

    private List<Receipt> append(final Event event, final DropBox box, final List<Receipt> receipts, final Action names)
            throws IOException {
        final List<Line> lines;
        try {
            lines = journal.append(receipts.stream().map(receipt -> entry(event, box, receipt)).toList(), names);
        } catch (final JournalUnwritableException e) {
            throw e.isFull() ? new StoreFullException(e) : e;
        }
        final Receipt[] proved = new Receipt[receipts.size()];
        for (int i = 0; i < proved.length; i++) {
            proved[i] = receipts.get(i).with(lines.get(i));
        }
        return List.of(proved);
    }

    private static Entry entry(final Event event, final DropBox box, final Receipt receipt) {
        final FileFacts file = new FileFacts(box.directory(), receipt.name(), receipt.size(), receipt.sha256(),
                receipt.submittedName().filter(name -> !name.equals(receipt.name())));
        return new Entry(event, box.user(), file, box.address());
    }

    /**
     * The entry of a file as it is now, if the journal has one.
     *
     * @throws IOException if the journal cannot be read
     */
    Optional<Line> of(final DropBox box, final String path, final StoredFile file) throws IOException {
        return present(box, path).filter(line -> line.isOf(file.size(), file.storedAt()));
    }

    private Optional<Line> present(final DropBox box, final String path) throws IOException {
        return journal.find(box.directory(), path).filter(line -> line.entry().event().tellsOfAFile());
    }

    /**
     * The receipt of a file that was just read, with its entry. A file that the journal does not know with this content is found
     * now: somebody else has put it there, or an older server.
     *
     * @throws IOException if the journal can neither tell nor be told
     */
    Receipt found(final DropBox box, final Receipt receipt) throws IOException {
        final Receipt known = known(box, receipt);
        return known.entry().isPresent() ? known : append(Event.FOUND, box, List.of(receipt), Action.NOTHING).get(0);
    }

    /**
     * A receipt with its entry, if the journal still has that as the newest of the file.
     *
     * @throws IOException if the journal cannot be read
     */
    Receipt known(final DropBox box, final Receipt receipt) throws IOException {
        return present(box, receipt.name())
                .filter(line -> line.file().size() == receipt.size() && line.file().sha256().equals(receipt.sha256()))
                .map(receipt::with).orElse(receipt);
    }
}
