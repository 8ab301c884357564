package org.dropzonebackup.core.store.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;

/** The directories that a path leads through, open, as far as they exist. Belongs to one thread. */
final class OpenPath implements Closeable {

    private final FilePath path;
    /** That of the user, then those below. */
    private final List<OpenDirectory> open = new ArrayList<>();
    private Optional<BasicFileAttributes> obstacle = Optional.empty();

    private OpenPath(final FilePath path) {
        this.path = path;
    }

    /** @param directory of the user, which exists */
    static OpenPath of(final Path directory, final FilePath path) throws IOException {
        final OpenPath opened = new OpenPath(path);
        boolean done = false;
        try {
            opened.descend(directory);
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    private void descend(final Path directory) throws IOException {
        open.add(OpenDirectory.of(directory));
        for (final FileName each : path.directories()) {
            final Path name = name(each);
            final Optional<BasicFileAttributes> there = deepest().find(name);
            obstacle = there.filter(it -> !it.isDirectory());
            final Optional<OpenDirectory> next = there.isEmpty() || obstacle.isPresent() ? Optional.empty()
                    : deepest().open(name, there.get());
            if (next.isEmpty()) {
                return;
            }
            open.add(next.get());
        }
    }

    private Path name(final FileName name) {
        return root().path().getFileSystem().getPath(name.toString());
    }

    /** That of the user. */
    OpenDirectory root() {
        return open.get(0);
    }

    /** The last one of those that exist. */
    OpenDirectory deepest() {
        return open.get(open.size() - 1);
    }

    /** Whether all directories exist. */
    boolean isWhole() {
        return open.size() == path.names().size();
    }

    /** What bears the name of a directory and is none. */
    Optional<BasicFileAttributes> obstacle() {
        return obstacle;
    }

    /** The path as far as it goes: with the first name that is not open. */
    FilePath reached() {
        return new FilePath(path.names().subList(0, open.size()));
    }

    /** The names of the directories that do not exist. */
    List<Path> missing() {
        return path.directories().subList(open.size() - 1, path.directories().size()).stream().map(this::name).toList();
    }

    /** What bears the path itself; none if nothing does. */
    Optional<BasicFileAttributes> find() throws IOException {
        return isWhole() ? deepest().find(name(path.name())) : Optional.empty();
    }

    /**
     * Opens the file under the path to be read.
     *
     * @throws NoSuchFileException if it is not there
     */
    SeekableByteChannel read() throws IOException {
        if (!isWhole()) {
            throw new NoSuchFileException(path.toString());
        }
        return deepest().read(name(path.name()));
    }

    /** Brings the names in each to stable storage, the innermost first; not those of the user's directory. */
    void sync(final Durability durability) throws IOException {
        for (int i = open.size() - 1; i > 0; i--) {
            open.get(i).sync(durability);
        }
    }

    /**
     * Removes directories as long as they are empty, the innermost first.
     *
     * @param most of the path's directories, counted from the innermost, whether they exist or not
     */
    void removeEmpty(final int most) throws IOException {
        try {
            for (int i = open.size() - 1; i > 0 && path.directories().size() - i < most; i--) {
                open.get(i - 1).deleteDirectory(name(path.names().get(i - 1)));
            }
        } catch (final DirectoryNotEmptyException | NoSuchFileException others) {
            // They have published there meanwhile, or removed it
            return;
        }
    }

    @Override
    public void close() throws IOException {
        for (final OpenDirectory each : open) {
            each.close();
        }
    }
}
