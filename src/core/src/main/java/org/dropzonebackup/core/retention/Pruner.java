package org.dropzonebackup.core.retention;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.Series;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.StoredFile;

/** Looks through the directory of a user, and removes what goes, or only tells it. To be used once, by one thread. */
final class Pruner {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Pruner.class.getName()));
    /** No file goes that is younger, so one that was younger when another one was removed under its name is not that one. */
    private static final Duration YOUNGEST = Duration.ofDays(1);

    private final Journal journal;
    private final String name;
    private final Directory directory;
    private final Predicate<FilePath> closed;
    private final Expiry expiry;
    private final boolean dry;
    private final Consumer<Removal> goes;
    private int removed;

    /**
     * @param name of the directory, as the users file writes it
     * @param closed directories in it that are others'
     * @param dry whether files are only told, and not removed
     * @param goes is told each
     */
    Pruner(final Journal journal, final String name, final Directory directory, final Predicate<FilePath> closed,
            final Expiry expiry, final boolean dry, final Consumer<Removal> goes) {
        this.journal = journal;
        this.name = name;
        this.directory = directory;
        this.closed = closed;
        this.expiry = expiry;
        this.dry = dry;
        this.goes = goes;
    }

    private record Named(String series, String name) {
    }

    /** @throws IOException if the directory, the journal or the removal of a file fails; what is left is looked at next time */
    void prune() throws IOException {
        pruneBelow("");
    }

    boolean hasRemoved() {
        return removed > 0;
    }

    /** @param above the path of a directory, with a slash at its end; an empty text for that of the user */
    private void pruneBelow(final String above) throws IOException {
        final FilePath any = FilePath.ofStored(above + "any");
        final List<Named> names = directory.names(any, "").stream().map(each -> new Named(Series.commonText(each), each))
                .sorted(Comparator.comparing(Named::series)).toList();
        int from = 0;
        for (int to = 1; to <= names.size(); to++) {
            if (to == names.size() || !names.get(to).series().equals(names.get(from).series())) {
                pruneSeries(names.subList(from, to).stream().map(each -> above + each.name()).toList());
                from = to;
            }
        }
        for (final String below : directory.directories(any)) {
            try {
                if (!closed.test(FilePath.ofStored(above + below))) {
                    pruneBelow(above + below + "/");
                }
            } catch (final InvalidPathException e) {
                FAULTS.report(Level.WARNING, "a directory is not looked through, as this locale lacks its name", e);
            }
        }
    }

    /** Most names are of files that are all young, and cost no question to the journal. */
    private void pruneSeries(final List<String> paths) throws IOException {
        boolean more = anyIsOld(paths);
        while (more) {
            final SeriesFiles files = new SeriesFiles(expiry);
            for (final String path : paths) {
                final Optional<Line> line = entry(path);
                if (line.isPresent() && line.get().entry().event() == Event.REMOVED) {
                    finish(line.get());
                } else if (line.isPresent()) {
                    files.add(line.get());
                }
            }
            final int before = removed;
            for (final Removal removal : files.going()) {
                remove(removal);
            }
            more = files.isFull() && removed > before;
        }
    }

    private boolean anyIsOld(final List<String> paths) throws IOException {
        for (final String path : paths) {
            if (look(path).filter(file -> file.storedAt().isBefore(expiry.youngest())).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The file under a path. One that cannot be looked at is left alone, and does not count. */
    private Optional<StoredFile> look(final String path) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("told to end");
        }
        try {
            return directory.find(FilePath.ofStored(path)).filter(StoredFile::isFile);
        } catch (final IOException | InvalidPathException e) {
            FAULTS.report(Level.WARNING, "a file cannot be looked at, and stays", e);
            return Optional.empty();
        }
    }

    /** The newest entry of a path, if it is of the file that is there. */
    private Optional<Line> entry(final String path) throws IOException {
        final Optional<StoredFile> file = look(path);
        return file.isEmpty() ? Optional.empty() : journal.find(name, path).filter(line -> isOf(line, file.get()));
    }

    private static boolean isOf(final Line line, final StoredFile file) {
        final Event event = line.entry().event();
        return line.isOf(file.size(), file.storedAt()) && (event.tellsOfAFile()
                || event == Event.REMOVED && !file.storedAt().plus(YOUNGEST).isAfter(line.time()));
    }

    private void finish(final Line line) throws IOException {
        if (expiry.rule(line.entry()).isPresent()) {
            remove(new Removal(line, OptionalInt.empty()));
        }
    }

    private void remove(final Removal removal) throws IOException {
        final Line line = removal.line();
        final Optional<StoredFile> file = look(line.file().path()).filter(there -> isOf(line, there));
        if (file.isEmpty()) {
            return;
        }
        if (!dry) {
            if (line.entry().event() != Event.REMOVED) {
                journal.append(List.of(entry(Event.REMOVED, line.entry(), line.file())));
            }
            if (!file.get().remove()) {
                enterReplacement(line);
                return;
            }
            removed++;
        }
        goes.accept(removal);
    }

    /** The journal may have been told of what is there now before it was told that the other one is removed. */
    private void enterReplacement(final Line line) throws IOException {
        final Optional<StoredFile> file = look(line.file().path());
        if (file.isPresent() && entry(line.file().path()).isEmpty()) {
            final Optional<String> sha256 = file.get().sha256();
            if (sha256.isPresent()) {
                final FileFacts gone = line.file();
                journal.append(List.of(entry(Event.FOUND, line.entry(),
                        new FileFacts(gone.directory(), gone.path(), file.get().size(), sha256.get(), gone.submittedName()))));
            }
        }
    }

    private static Entry entry(final Event event, final Entry of, final FileFacts file) {
        return new Entry(event, of.user(), file, Optional.empty());
    }
}
