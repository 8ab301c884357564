package org.dropzonebackup.core.store.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that is open ({@code openat} and its like). What is done with the names in it is done in this very directory,
 * wherever it is moved to and whatever is put in its place meanwhile; no link is followed. Names are paths of one name: those
 * that other programs have given may be no text. Belongs to one thread.
 */
final class OpenDirectory implements Closeable {

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    private OpenDirectory(final Path path, final SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** What is done with a name. */
    @FunctionalInterface
    interface Visit {
        /** @throws IOException if it fails */
        void accept(Path name) throws IOException;
    }

    /** Opens the directory of a user, which is found by its path. */
    static OpenDirectory of(final Path path) throws IOException {
        final DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new OpenDirectory(path, secure);
        }
        stream.close();
        return new OpenDirectory(path, new PlainDirectoryStream(path));
    }

    /** By which it was opened; it may lead elsewhere by now. */
    Path path() {
        return path;
    }

    /**
     * Opens a directory in it.
     *
     * @param there what was found under the name
     * @return none if that is not there any more
     */
    Optional<OpenDirectory> open(final Path name, final BasicFileAttributes there) throws IOException {
        final OpenDirectory opened;
        try {
            // What takes its place just now may be a pipe, which this does not wait for, or a link, which is told by its number
            opened = new OpenDirectory(path.resolve(name), stream.newDirectoryStream(name.resolve(".")));
        } catch (final NoSuchFileException | NotDirectoryException removed) {
            return Optional.empty();
        }
        boolean same = false;
        try {
            final BasicFileAttributes now = opened.stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
            same = FileIdentity.of(now).equals(FileIdentity.of(there));
            return same ? Optional.of(opened) : Optional.empty();
        } finally {
            if (!same) {
                opened.close();
            }
        }
    }

    /** What bears a name, a link itself; none if nothing does. */
    Optional<BasicFileAttributes> find(final Path name) throws IOException {
        try {
            return Optional.of(stream.getFileAttributeView(name, BasicFileAttributeView.class,
                    LinkOption.NOFOLLOW_LINKS).readAttributes());
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    SeekableByteChannel read(final Path name) throws IOException {
        return stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Renames atomically; a file under the new name is replaced, a directory with anything in it is not. */
    void move(final Path name, final OpenDirectory target, final Path newName) throws IOException {
        stream.move(name, target.stream, newName);
    }

    void deleteFile(final Path name) throws IOException {
        stream.deleteFile(name);
    }

    /** @throws java.nio.file.DirectoryNotEmptyException if anything is in it */
    void deleteDirectory(final Path name) throws IOException {
        stream.deleteDirectory(name);
    }

    /** Visits all names, once in the life of this object. */
    void forEach(final Visit visit) throws IOException {
        try {
            for (final Path entry : stream) {
                visit.accept(entry.getFileName());
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Brings the names in it to stable storage. */
    void sync(final Durability durability) throws IOException {
        if (durability.syncsDirectories()) {
            try (SeekableByteChannel itself = stream.newByteChannel(path.getFileSystem().getPath("."), Set.of(StandardOpenOption.READ))) {
                durability.syncOpen((FileChannel) itself);
            }
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
