package org.dropzonebackup.core.receive;

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
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.StoredFile;

/** The path that a file is going to have, and what happens if it is taken. Belongs to one file; not safe for threads. */
final class Naming {

    private final Receiver receiver;
    private final boolean onlyNew;
    /** Whether the server names the file, which nobody else means then. */
    private final boolean unnamed;
    private final boolean strangers;
    private final Existing existing;
    /** As the client wants it; the same as the present one for a file that the server names. */
    private final FilePath wanted;
    private FilePath path;
    /** When the path was first found to be taken, and how often since; null before. */
    private Instant taken;
    private int number;
    /** Whether the path is that of an earlier attempt to publish the file, which may have succeeded. */
    private boolean expected;

    /**
     * @throws RefusedException if no file can have the submitted path
     */
    Naming(final Receiver receiver, final DropBox box, final Announcement announced) throws RefusedException {
        this.receiver = receiver;
        this.unnamed = announced.submittedName().isEmpty();
        this.strangers = box.strangers().isPresent();
        this.onlyNew = announced.onlyNew() && !strangers && !unnamed;
        this.existing = onlyNew ? Existing.REFUSE : strangers ? Existing.KEEP : box.existing().orElse(receiver.limits().existing());
        this.wanted = unnamed ? FilePath.of(receiver.nextTimestamp())
                : receiver.names().path(announced.submittedName().get(), receiver.limits().subdirectories());
        this.path = wanted;
    }

    FilePath path() {
        return path;
    }

    /** The path of the file with which this one is compared first. */
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

    /** Whether another path is worth a look before the file is published under this one. */
    boolean looksAhead() {
        return keeps() && !expected;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Takes the path that an earlier attempt to publish the file was about to use. */
    void expect(final String earlier) throws RefusedException {
        path = receiver.names().path(earlier, true);
        expected = true;
    }

    /** Whether the file is refused because of what bears the path. */
    boolean isTakenBy(final Optional<StoredFile> present) {
        return present.isPresent() && !unnamed && (existing == Existing.REFUSE || !present.get().isFile());
    }

    /** Whether a file that bears the path is replaced. */
    boolean replaces() {
        return existing == Existing.REPLACE && !unnamed;
    }

    /** The refusal of a file whose path is taken. */
    RefusedException taken() {
        return new RefusedException(onlyNew ? new NameNotNew(path.toString()) : new NameTaken(path.toString()));
    }

    /**
     * Goes on to another path, if the file is kept beside others or named by the server.
     *
     * @param obstacle the path, or that of one of its directories: what could not be used
     */
    void next(final FilePath obstacle) {
        if (unnamed) {
            path = FilePath.of(receiver.nextTimestamp());
        } else {
            final int last = obstacle.names().size() - 1;
            final List<FileName> names = new ArrayList<>(path.names());
            names.set(last, nextOf(new Series(wanted.names().get(last))));
            path = new FilePath(names);
        }
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
