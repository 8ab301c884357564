package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * Directories that a path needs and that do not exist, with its file in them, under a staging name: one rename makes all visible
 * at once, and a crash leaves nothing but what bears a staging name. Belongs to one thread.
 */
final class StagedDirectories {

    private static final System.Logger LOG = System.getLogger(StagedDirectories.class.getName());
    /** More than a path has; what is deeper is none of ours. */
    private static final int DEEPEST = 64;

    private final OpenDirectory root;
    private final Staging staging;
    /** The outermost one, or what is to be put into it; null before there is any. */
    private Path outermost;

    private StagedDirectories(final OpenDirectory root, final Staging staging) {
        this.root = root;
        this.staging = staging;
    }

    /**
     * Creates them durably.
     *
     * @param root the user's directory
     * @param missing their names, the outermost first
     * @param file a second name of the staged file, in the user's directory, which is used up, also if this fails; none: they
     *        are empty
     * @param name of the file
     */
    static StagedDirectories create(final OpenDirectory root, final Staging staging, final List<Path> missing,
            final Optional<Path> file, final Path name) throws IOException {
        final StagedDirectories made = new StagedDirectories(root, staging);
        made.outermost = file.orElse(null);
        boolean done = false;
        try {
            for (int i = missing.size() - 1; i >= 0; i--) {
                made.wrap(i + 1 < missing.size() ? missing.get(i + 1) : name);
            }
            done = true;
            return made;
        } finally {
            if (!done) {
                made.discard();
            }
        }
    }

    /** Puts what there is into another directory. */
    private void wrap(final Path name) throws IOException {
        final Path inner = outermost;
        final Path outer = staging.names().newName(root.path());
        boolean done = false;
        try {
            Staging.createDirectory(outer);
            if (inner != null) {
                putInto(outer, inner, name);
            }
            done = true;
        } finally {
            if (done) {
                outermost = outer;
            } else {
                remove(outer);
            }
        }
    }

    private void putInto(final Path outer, final Path inner, final Path name) throws IOException {
        final Path outerName = outer.getFileName();
        final Optional<BasicFileAttributes> there = root.find(outerName).filter(BasicFileAttributes::isDirectory);
        try (OpenDirectory opened = there.isEmpty() ? null : root.open(outerName, there.get()).orElse(null)) {
            if (opened == null) {
                throw new IOException("somebody has replaced " + outer);
            }
            root.move(inner.getFileName(), opened, name);
            staging.names().release(inner);
            opened.sync(staging.durability());
        }
    }

    /**
     * Makes them visible, unless the name is borne by anything but an empty directory.
     *
     * @throws IOException if they cannot be; they are gone then
     */
    void publish(final OpenDirectory parent, final Path name) throws IOException {
        boolean done = false;
        try {
            root.move(outermost.getFileName(), parent, name);
            staging.names().release(outermost);
            done = true;
        } finally {
            if (!done) {
                discard();
            }
        }
    }

    private void discard() {
        if (outermost != null) {
            remove(outermost);
        }
    }

    private void remove(final Path name) {
        try {
            removeAll(root, name.getFileName());
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "staged directories are left behind, to be swept later", e);
        } finally {
            staging.names().release(name);
        }
    }

    /**
     * Removes what bears a name, with all that is in it; links themselves and not what they lead to.
     *
     * @return whether there was anything
     */
    static boolean removeAll(final OpenDirectory parent, final Path name) throws IOException {
        return removeAll(parent, name, 0);
    }

    private static boolean removeAll(final OpenDirectory parent, final Path name, final int depth) throws IOException {
        final Optional<BasicFileAttributes> there = parent.find(name);
        if (there.isEmpty()) {
            return false;
        }
        if (!there.get().isDirectory()) {
            parent.deleteFile(name);
            return true;
        }
        if (depth > DEEPEST) {
            throw new IOException("too many directories below each other in a staged one");
        }
        final Optional<OpenDirectory> opened = parent.open(name, there.get());
        if (opened.isPresent()) {
            try (OpenDirectory directory = opened.get()) {
                directory.forEach(each -> removeAll(directory, each, depth + 1));
            }
            parent.deleteDirectory(name);
        }
        return opened.isPresent();
    }
}
