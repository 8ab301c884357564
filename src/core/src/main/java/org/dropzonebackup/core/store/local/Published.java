package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A file that is visible, or may be, and the way back. Belongs to one thread. */
abstract class Published {

    private static final System.Logger LOG = System.getLogger(Published.class.getName());

    private final LocalStagedFile file;
    private final BasicFileAttributes attributes;
    private final Path directory;
    private final StagingNames names;
    /** A second name of the file that is replaced, or null. */
    private Path replaced;

    /**
     * @param directory of the user, where staging names lie
     */
    Published(final LocalStagedFile file, final Path directory, final StagingNames names) throws IOException {
        this.file = file;
        this.attributes = file.attributes();
        this.directory = directory;
        this.names = names;
    }

    final LocalStagedFile file() {
        return file;
    }

    final Path directory() {
        return directory;
    }

    final StagingNames names() {
        return names;
    }

    /** The second name of the file that is replaced; null if none is. */
    final Path replaced() {
        return replaced;
    }

    /** By which the file is told from any other. */
    final Object identity() {
        return FileIdentity.of(attributes);
    }

    /** Whether what was found is our file, as far as can be told. */
    final boolean isOurs(final BasicFileAttributes there) {
        return identity().equals(FileIdentity.of(there));
    }

    /** Whether it is our file, where the file system knows files by numbers. */
    final boolean isSurelyOurs(final BasicFileAttributes there) {
        return attributes.fileKey() != null && attributes.fileKey().equals(there.fileKey());
    }

    /** Makes another hard link to the staging file. */
    final void link(final Path name) throws IOException {
        link(name, file.path(), attributes);
    }

    private static void link(final Path name, final Path existing, final BasicFileAttributes there) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (final FileAlreadyExistsException e) {
            if (!isSame(there, name)) {
                throw new IOException("a staging name is taken", e);
            }
        }
    }

    private static boolean isSame(final BasicFileAttributes one, final Path name) throws IOException {
        return LocalDirectory.look(name).filter(there -> FileIdentity.of(one).equals(FileIdentity.of(there))).isPresent();
    }

    /**
     * Gives a file that is to be replaced a second name, by which it can be put back.
     *
     * @param there what was found
     * @throws FileAlreadyExistsException if there can be no second name
     * @throws NoSuchFileException if it is not there any more; there is nothing to replace then
     * @throws IOException if that is another file by now
     */
    final void keep(final Path target, final BasicFileAttributes there) throws IOException {
        replaced = names.newNameOfReplaced(directory);
        try {
            link(replaced, target, there);
        } catch (final NoSuchFileException removedMeanwhile) {
            names.release(replaced);
            replaced = null;
            throw removedMeanwhile;
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory)) {
                throw e;
            }
            LOG.log(Level.WARNING, "a file cannot be replaced, since there can be no second hard link to it: {0}", e.getMessage());
            throw new FileAlreadyExistsException(target.toString());
        }
        if (!isSame(there, replaced)) {
            throw new IOException("somebody else has replaced " + target);
        }
    }

    /** Gives up what was replaced, and the staging name. */
    final void finish() {
        if (replaced != null) {
            names.removeOrLeave(replaced);
            names.release(replaced);
        }
        file.published();
    }

    /**
     * Brings back what was there before. What somebody else has put under the name meanwhile stays.
     *
     * @throws IOException if the file may still be visible
     */
    final void withdraw() throws IOException {
        bringBack();
        file.visible(false);
        if (replaced != null) {
            names.release(replaced);
            names.remove(replaced);
        }
    }

    /** Removes the name if it is still that of our file, or puts back what was replaced. */
    abstract void bringBack() throws IOException;
}
