package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** The name under which one file becomes visible in the directory of its user, and the way back. Belongs to one thread. */
final class PublishedName implements Published {

    private static final System.Logger LOG = System.getLogger(PublishedName.class.getName());

    private final LocalStagedFile file;
    private final Path staged;
    private final BasicFileAttributes attributes;
    private final Path target;
    /** Where staging names lie. */
    private final Path directory;
    private final StagingNames names;
    /** A second name of the file that is replaced, or null. */
    private Path replaced;

    /**
     * @param target the path under which the file is to be visible
     * @param directory of the user
     */
    PublishedName(final LocalStagedFile file, final Path target, final Path directory, final StagingNames names)
            throws IOException {
        this.file = file;
        this.staged = file.path();
        this.attributes = file.attributes();
        this.target = target;
        this.directory = directory;
        this.names = names;
    }

    @Override
    public Object identity() {
        return FileIdentity.of(attributes);
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
            Files.createLink(target, staged);
        } catch (final FileAlreadyExistsException e) {
            // A server whose answer is lost is asked again; or a crash came between publication and removal of the staging name
            if (!isSurelyOurs()) {
                throw e;
            }
        } catch (final FileSystemException | UnsupportedOperationException e) {
            if (!SystemFaults.isLackOfLinks(e, directory)) {
                throw e;
            }
            return false;
        }
        file.visible(true);
        return true;
    }

    /** The same without hard links. */
    void renameUnlessTaken() throws IOException {
        if (isThere(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        rename(staged);
    }

    /**
     * Makes it visible in place of the file that bears the name, which gets a second one, by which it can be put back.
     *
     * @param ours files that must not be replaced
     * @return false if there is nothing to replace
     * @throws FileAlreadyExistsException if what is there is no file, or one that must not or cannot be replaced
     */
    boolean replace(final Set<Object> ours) throws IOException {
        final BasicFileAttributes there;
        try {
            there = LocalDirectory.attributes(target);
        } catch (final NoSuchFileException nothingThere) {
            return false;
        }
        if (!there.isRegularFile() || ours.contains(FileIdentity.of(there))) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (attributes.fileKey() != null && attributes.fileKey().equals(there.fileKey())) {
            // A crash came between an earlier publication and the removal of the staging name
            file.visible(true);
            return true;
        }
        replaced = names.newNameOfReplaced(directory);
        keep(replaced, target, there, directory);
        final Path second = names.newName(directory);
        try {
            linkStagingName(second, staged, attributes);
            rename(second);
        } finally {
            names.removeOrLeave(second);
            names.release(second);
        }
        return true;
    }

    /**
     * Gives a file that is to be replaced a second name.
     *
     * @param there what was found
     * @throws FileAlreadyExistsException if there can be no second name
     * @throws IOException if that is another file; the second name is there all the same
     */
    static void keep(final Path replaced, final Path target, final BasicFileAttributes there, final Path directory)
            throws IOException {
        try {
            linkStagingName(replaced, target, there);
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

    /** Makes a hard link under a staging name. */
    static void linkStagingName(final Path name, final Path existing, final BasicFileAttributes there) throws IOException {
        try {
            Files.createLink(name, existing);
        } catch (final FileAlreadyExistsException e) {
            if (!isSame(there, name)) {
                throw new IOException("a staging name is taken", e);
            }
        }
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
        file.visible(true);
    }

    @Override
    public void finish() {
        if (replaced != null) {
            names.removeOrLeave(replaced);
            names.release(replaced);
        }
        file.published(attributes);
    }

    @Override
    public void withdraw() throws IOException {
        if (isSame(attributes, target)) {
            if (!isThere(staged)) {
                // Without hard links it was renamed
                Files.move(target, staged, StandardCopyOption.ATOMIC_MOVE);
            } else if (replaced == null) {
                Files.deleteIfExists(target);
            } else {
                Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        file.visible(false);
        if (replaced != null) {
            names.release(replaced);
            names.remove(replaced);
        }
    }

    private static boolean isThere(final Path name) throws IOException {
        try {
            LocalDirectory.attributes(name);
            return true;
        } catch (final NoSuchFileException absent) {
            return false;
        }
    }

    /** Whether the name means our file already, where the file system knows files by numbers. */
    private boolean isSurelyOurs() throws IOException {
        return attributes.fileKey() != null && isSame(attributes, target);
    }

    private static boolean isSame(final BasicFileAttributes one, final Path name) throws IOException {
        try {
            return FileIdentity.of(one).equals(FileIdentity.of(LocalDirectory.attributes(name)));
        } catch (final NoSuchFileException removed) {
            return false;
        }
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
