package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;

/** The name under which one file becomes visible in the directory of its user, and the way back. Belongs to one thread. */
final class PublishedName extends Published {

    private final Path target;

    /**
     * @param target the path under which the file is to be visible
     * @param directory of the user
     */
    PublishedName(final LocalStagedFile file, final Path target, final Path directory, final StagingNames names)
            throws IOException {
        super(file, directory, names);
        this.target = target;
    }

    /**
     * Makes it visible if nothing bears the name.
     *
     * @return false if this file system has no hard links; nothing has changed then
     * @throws FileAlreadyExistsException if something does
     */
    boolean link() throws IOException {
        try {
            // link(2) refuses an existing name, whatever it is: a link, a directory, a file of a parallel upload
            Files.createLink(target, file().path());
        } catch (final FileAlreadyExistsException e) {
            // A server whose answer is lost is asked again; or a crash came between publication and removal of the staging name
            if (!isSurelyOurs()) {
                throw e;
            }
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory())) {
                throw e;
            }
            return false;
        }
        file().visible(true);
        return true;
    }

    /** The same without hard links. */
    void renameUnlessTaken() throws IOException {
        if (LocalDirectory.look(target).isPresent()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        rename(file().path());
    }

    /**
     * Makes it visible in place of the file that bears the name, which gets a second one, by which it can be put back.
     *
     * @param ours files that must not be replaced
     * @return false if there is nothing to replace
     * @throws FileAlreadyExistsException if what is there is no file, or one that must not or cannot be replaced
     */
    boolean replace(final Set<Object> ours) throws IOException {
        final Optional<BasicFileAttributes> found = LocalDirectory.look(target);
        if (found.isEmpty()) {
            return false;
        }
        final BasicFileAttributes there = found.get();
        if (!there.isRegularFile() || ours.contains(FileIdentity.of(there))) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (isSurelyOurs(there)) {
            // A crash came between an earlier publication and the removal of the staging name
            file().visible(true);
            return true;
        }
        try {
            keep(target, there);
        } catch (final NoSuchFileException removedMeanwhile) {
            return false;
        }
        final Path second = names().newName(directory());
        try {
            link(second);
            rename(second);
        } finally {
            names().removeOrLeave(second);
            names().release(second);
        }
        return true;
    }

    /** A server whose answer is lost is asked again, and does not know the old name any more. */
    private void rename(final Path from) throws IOException {
        try {
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (final NoSuchFileException e) {
            if (!isSurelyOurs()) {
                throw e;
            }
        }
        file().visible(true);
    }

    @Override
    void bringBack() throws IOException {
        if (LocalDirectory.look(target).filter(this::isOurs).isEmpty()) {
            return;
        }
        if (LocalDirectory.look(file().path()).isEmpty()) {
            // Without hard links it was renamed
            Files.move(target, file().path(), StandardCopyOption.ATOMIC_MOVE);
        } else if (replaced() == null) {
            Files.deleteIfExists(target);
        } else {
            Files.move(replaced(), target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Whether the name means our file already, where the file system knows files by numbers. */
    private boolean isSurelyOurs() throws IOException {
        return LocalDirectory.look(target).filter(this::isSurelyOurs).isPresent();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
