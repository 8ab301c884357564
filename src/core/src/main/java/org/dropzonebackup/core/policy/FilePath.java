package org.dropzonebackup.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The path of a file below the directory of its user: the names of directories, then that of the file. Immutable.
 *
 * @param names from the outermost directory to the file; at least one
 */
public record FilePath(List<FileName> names) {

    /**
     * @throws IllegalArgumentException if there is no name
     */
    public FilePath {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one name");
        }
    }

    /** The path of a file in the user's directory itself. */
    public static FilePath of(final FileName name) {
        return new FilePath(List.of(name));
    }

    /**
     * The path of a stored file, as its receipt writes it. Rules that have become stricter since do not count.
     *
     * @throws IllegalArgumentException if no file can have it, or it leads elsewhere
     */
    public static FilePath ofStored(final String path) {
        final List<FileName> names = new ArrayList<>();
        for (final String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no path of a stored file: " + path);
            }
            names.add(new FileName(name));
        }
        return new FilePath(names);
    }

    /** The name of the file itself. */
    public FileName name() {
        return names.get(names.size() - 1);
    }

    /** The names of the directories that it lies in, the outermost first. */
    public List<FileName> directories() {
        return names.subList(0, names.size() - 1);
    }

    /** The path of a file of another name in the same directory. */
    public FilePath beside(final FileName other) {
        final List<FileName> all = new ArrayList<>(directories());
        all.add(other);
        return new FilePath(all);
    }

    /** The path as clients write it, with {@code /} between the names. */
    @Override
    public String toString() {
        return names.stream().map(FileName::toString).collect(Collectors.joining("/"));
    }
}
