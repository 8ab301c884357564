package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.policy.Series;
import org.dropzonebackup.core.refusal.Refusal.NameNotNew;
import org.dropzonebackup.core.refusal.Refusal.NameTaken;
import org.dropzonebackup.core.refusal.Refusal.PathBlocked;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.StoredFile;

/** The path that a file is going to have, and what happens if it is taken. Belongs to one file; not safe for threads. */
final class Naming {

    /** Nobody loses so many races for a path: something else is wrong. */
    private static final int MOST_ATTEMPTS = 1000;

    private final Receiver receiver;
    private final Directory directory;
    private final boolean onlyNew;
    /** Whether the server names the file, which nobody else means then. */
    private final boolean unnamed;
    private final boolean strangers;
    private final Existing existing;
    /** As the client wants it; the same as the present one for a file that the server names. */
    private FilePath wanted;
    private FilePath path;
    /** When the path was first found to be taken, and how often since; null before. */
    private Instant taken;
    private int number;
    /** Whether the path is that of an earlier attempt to publish the file, which may have succeeded. */
    private boolean expected;
    /** How often the file could not be published. */
    private int attempts;

    /**
     * @throws RefusedException if no file can have the submitted path
     */
    Naming(final Receiver receiver, final Directory directory, final DropBox box, final Announcement announced)
            throws RefusedException {
        this.receiver = receiver;
        this.directory = directory;
        this.unnamed = announced.submittedName().isEmpty();
        this.strangers = box.strangers().isPresent();
        this.onlyNew = announced.onlyNew() && !strangers && !unnamed;
        this.existing = onlyNew ? Existing.REFUSE : box.existing(receiver.limits());
        this.wanted = unnamed ? FilePath.of(receiver.nextTimestamp())
                : receiver.path(box, announced.submittedName().get());
        this.path = wanted;
    }

    FilePath path() {
        return path;
    }

    /** The path of the stored file with which this one is compared first. */
    FilePath first() {
        return keeps() ? wanted : path;
    }

    /** The series of later files with which this one is compared too, if it is kept beside earlier ones. */
    Optional<Series> series() {
        return keeps() ? Optional.of(new Series(wanted.name())) : Optional.empty();
    }

    /** Whether the file is kept beside those that have its path already. */
    boolean keeps() {
        return existing == Existing.KEEP && !unnamed;
    }

    /**
     * Whether the file goes on to another path whatever has its own: nobody else means that one, or nobody is to learn what has
     * it.
     */
    boolean avoidsAll() {
        return unnamed || strangers;
    }

    /** Whether the file cannot be published under this path, and may be under another one: known by a look. */
    boolean mustGoOn() throws IOException {
        return keeps() && !expected && isFile(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Takes the path that an earlier attempt to publish the file was about to use, if there was one. */
    void expect(final Optional<String> earlier) throws RefusedException {
        if (earlier.isPresent()) {
            path = receiver.names().path(earlier.get(), true);
            expected = true;
        }
        if (path.names().size() != wanted.names().size()) {
            // The setting of directories was another one then
            wanted = path;
        }
    }

    /** Whether the file is refused because of what bears the path. */
    boolean isTakenBy(final Optional<StoredFile> present) {
        return present.isPresent() && !unnamed && (existing == Existing.REFUSE || !present.get().isFile());
    }

    /** Whether a file that bears the path is replaced. */
    boolean replaces() {
        return existing == Existing.REPLACE && !unnamed;
    }

    /** The refusal of a file whose path is taken, which says by what. */
    RefusedException taken() throws IOException {
        for (int i = 1; i < path.names().size(); i++) {
            final FilePath above = new FilePath(path.names().subList(0, i));
            if (isFile(above)) {
                return taken(above);
            }
        }
        return taken(path);
    }

    private RefusedException taken(final FilePath obstacle) throws IOException {
        final String name = path.toString();
        if (onlyNew) {
            return new RefusedException(new NameNotNew(name));
        }
        final boolean blocked = !obstacle.equals(path) || directory.find(path).filter(present -> !present.isFile()).isPresent();
        return new RefusedException(blocked ? new PathBlocked(name, obstacle.toString()) : new NameTaken(name));
    }

    /**
     * Goes on to another path, which seems to be free.
     *
     * @param obstacle the path, or that of one of its directories: what could not be used
     * @throws RefusedException if the file can have no other path: it makes way for a file, and for nothing else
     */
    void goOn(final FilePath obstacle) throws RefusedException, IOException {
        attempts++;
        final Optional<StoredFile> present = avoidsAll() ? Optional.empty() : directory.find(path);
        final boolean isFile = obstacle.equals(path) && present.map(StoredFile::isFile).orElse(true);
        if (attempts > MOST_ATTEMPTS || !avoidsAll() && !(keeps() && isFile)) {
            throw taken(obstacle);
        }
        if (!avoidsAll() && present.isEmpty() && attempts == 1) {
            // It was removed meanwhile; if not, another file of the request is to have this path
            return;
        }
        next(obstacle);
        while (isFile(path)) {
            next(path);
        }
    }

    private boolean isFile(final FilePath which) throws IOException {
        return directory.find(which).filter(StoredFile::isFile).isPresent();
    }

    private void next(final FilePath obstacle) {
        if (unnamed) {
            path = FilePath.of(receiver.nextTimestamp());
            return;
        }
        final int last = obstacle.names().size() - 1;
        final List<FileName> names = new ArrayList<>(path.names());
        names.set(last, nextOf(new Series(wanted.names().get(last))));
        path = new FilePath(names);
    }

    private FileName nextOf(final Series series) {
        if (taken == null) {
            taken = receiver.now();
        }
        FileName name;
        do {
            number++;
            name = series.name(taken, number);
        } while (!receiver.names().allow(name));
        return name;
    }
}
