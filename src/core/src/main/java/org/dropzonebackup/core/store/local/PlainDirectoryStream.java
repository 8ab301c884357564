package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A directory by its path, where the system opens none, as on Windows. It does not keep anybody who may write there from putting
 * something else in its place.
 */
final class PlainDirectoryStream implements SecureDirectoryStream<Path> {

    private final Path directory;

    PlainDirectoryStream(final Path directory) {
        this.directory = directory;
    }

    @Override
    public SecureDirectoryStream<Path> newDirectoryStream(final Path path, final LinkOption... options) throws IOException {
        final Path below = directory.resolve(path).normalize();
        if (!Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(below.toString());
        }
        return new PlainDirectoryStream(below);
    }

    @Override
    public SeekableByteChannel newByteChannel(final Path path, final Set<? extends OpenOption> options,
            final FileAttribute<?>... attributes) throws IOException {
        return Files.newByteChannel(directory.resolve(path), options, attributes);
    }

    @Override
    public void deleteFile(final Path path) throws IOException {
        Files.delete(directory.resolve(path));
    }

    @Override
    public void deleteDirectory(final Path path) throws IOException {
        Files.delete(directory.resolve(path));
    }

    @Override
    public void move(final Path source, final SecureDirectoryStream<Path> target, final Path name) throws IOException {
        Files.move(directory.resolve(source), ((PlainDirectoryStream) target).directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(final Class<V> type) {
        return Files.getFileAttributeView(directory, type, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(final Path path, final Class<V> type, final LinkOption... options) {
        return Files.getFileAttributeView(directory.resolve(path), type, options);
    }

    @Override
    public Iterator<Path> iterator() {
        final List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(all::add);
        } catch (final IOException e) {
            throw new DirectoryIteratorException(e);
        }
        return all.iterator();
    }

    @Override
    public void close() {
        // Nothing is open
    }
}
