package org.dropzonebackup.core.receive;

import java.util.Optional;
import java.util.function.Supplier;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal.NameNotNew;
import org.dropzonebackup.core.refusal.Refusal.NameTaken;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.FilePath;
import org.dropzonebackup.core.store.StoredFile;

/** The name that a file is going to have, and what happens if it is taken. Belongs to one file; not safe for threads. */
final class Naming {

    private final Receiver receiver;
    private final boolean onlyNew;
    /** Gives another name for one that is taken; none: the file is refused, or replaces the other. */
    private final Optional<Supplier<FileName>> others;
    private FileName name;

    /**
     * @throws RefusedException if no file can bear the submitted name
     */
    Naming(final Receiver receiver, final DropBox box, final Announcement announced) throws RefusedException {
        this.receiver = receiver;
        this.onlyNew = announced.onlyNew();
        if (announced.submittedName().isEmpty()) {
            others = Optional.of(receiver::nextTimestamp);
            name = receiver.nextTimestamp();
        } else {
            final FileName wanted = receiver.names().parse(announced.submittedName().get());
            others = box.strangers().map(strangers -> () -> receiver.names().withRandomSuffix(wanted));
            name = wanted;
        }
    }

    FileName name() {
        return name;
    }

    FilePath path() {
        return FilePath.of(name);
    }

    @Override
    public String toString() {
        return name.toString();
    }

    /** Takes the name that an earlier attempt to publish the file was about to use. */
    void expect(final String earlier) throws RefusedException {
        name = receiver.names().parse(earlier);
    }

    /** Whether the file is refused because of what bears the name. */
    boolean isTakenBy(final Optional<StoredFile> present) {
        return present.isPresent() && others.isEmpty() && !(mayReplace() && present.get().isFile());
    }

    /** Whether a file that bears the name is replaced. */
    boolean replaces() {
        return others.isEmpty() && mayReplace();
    }

    private boolean mayReplace() {
        return receiver.limits().overwrite() && !onlyNew;
    }

    /** The refusal of a file whose name is taken. */
    RefusedException taken() {
        return new RefusedException(onlyNew ? new NameNotNew(name.toString()) : new NameTaken(name.toString()));
    }

    /**
     * Goes on to another name.
     *
     * @return whether there is one
     */
    boolean next() {
        others.ifPresent(names -> name = names.get());
        return others.isPresent();
    }
}
