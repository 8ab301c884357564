package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Entry;
import org.dropzonebackup.core.store.StagedUpload;
import org.dropzonebackup.core.store.StoreBusyException;

/** A directory of a local file system, by its real path. */
final class LocalDirectory implements Directory {

    private final Path path;
    private final Staging staging;
    private final Object key;
    private final Turn turn;

    LocalDirectory(final Path path, final Staging staging) throws IOException {
        this.path = path;
        this.staging = staging;
        this.key = attributes(path).fileKey();
        this.turn = new Turn(staging.turns(path));
    }

    @Override
    public Object identity() {
        return path;
    }

    @Override
    public Optional<Entry> find(final FileName name) throws IOException {
        final Path file = path.resolve(name.toString());
        try {
            return Optional.of(new LocalEntry(file, attributes(file)));
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public StagedUpload stage() throws IOException {
        final LocalStagedUpload upload = new LocalStagedUpload(path, staging, turn);
        if (!isStillThere()) {
            upload.close();
            throw new DirectoryUnusableException(path + " was replaced by something else");
        }
        return upload;
    }

    /** Asked after the staging file was created: had a link been put in the way before, the file would lie elsewhere. */
    private boolean isStillThere() throws IOException {
        try {
            final BasicFileAttributes now = attributes(path);
            return now.isDirectory() && Objects.equals(key, now.fileKey());
        } catch (final NoSuchFileException gone) {
            return false;
        }
    }

    @Override
    public void sync() throws IOException {
        staging.syncDirectory(path);
    }

    @Override
    public long usage() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, e -> !staging.isStagingName(e))) {
            for (final Path entry : entries) {
                bytes += publishedBytes(entry);
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        } catch (final IOException e) {
            throw Staging.explained(e, path);
        }
        return bytes;
    }

    private static long publishedBytes(final Path entry) throws IOException {
        try {
            final BasicFileAttributes attributes = attributes(entry);
            return attributes.isRegularFile() ? attributes.size() : 0;
        } catch (final NoSuchFileException removedMeanwhile) {
            return 0;
        }
    }

    @Override
    public Volume volume() throws IOException {
        try {
            return new LocalVolume(Files.getFileStore(path));
        } catch (final IOException e) {
            // Without a descriptor to read the table of mounts, Java says that there is none
            throw new StoreBusyException(e);
        }
    }

    static BasicFileAttributes attributes(final Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Equal where the file system is the same one: a {@link FileStore} of POSIX compares device and mount point. */
    private record LocalVolume(FileStore store) implements Volume {

        @Override
        public long capacity() throws IOException {
            return store.getTotalSpace();
        }

        @Override
        public long usable() throws IOException {
            return store.getUsableSpace();
        }
    }
}
