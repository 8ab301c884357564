package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store;

/** The directories of users. Several texts may mean one; one may lie below another. Belongs to one thread. */
final class Homes {

    private static final System.Logger LOG = System.getLogger(Homes.class.getName());

    private final Store store;
    private final Journal journal;
    private final Path base;
    private final Map<String, List<String>> spellings = new HashMap<>();
    private final Map<Object, List<String>> byIdentity = new LinkedHashMap<>();

    /**
     * @param base below which relative ones lie
     */
    Homes(final Store store, final Journal journal, final Path base) {
        this.store = store;
        this.journal = journal;
        this.base = base;
    }

    /** As the users file and entries write them. */
    Set<String> texts() {
        return spellings.keySet();
    }

    /**
     * Opens it anew, as its file system may be lost at any time.
     *
     * @throws DirectoryUnusableException if it is not there
     */
    Directory open(final String text) throws IOException {
        return store.open(text);
    }

    /** All texts known so far that mean the same directory; the list may grow. */
    List<String> spellings(final String text) throws IOException {
        List<String> same = spellings.get(text);
        if (same == null) {
            same = new ArrayList<>();
            try {
                same = byIdentity.computeIfAbsent(open(text).identity(), first -> new ArrayList<>());
            } catch (final DirectoryUnusableException missing) {
                LOG.log(Level.DEBUG, "the directory of a user cannot be used", missing);
            }
            same.add(text);
            spellings.put(text, same);
        }
        return same;
    }

    /** The texts of each directory that is there. */
    Collection<List<String>> all() {
        return byIdentity.values();
    }

    /** The newest entry of a file, whatever it calls the directory. */
    Optional<Line> newest(final List<String> spellings, final String path) throws IOException {
        Optional<Line> newest = Optional.empty();
        for (final String text : spellings) {
            final Optional<Line> line = journal.find(text, path);
            newest = newest.isEmpty() || line.isPresent() && line.get().time().isAfter(newest.get().time()) ? line : newest;
        }
        return newest;
    }

    /**
     * The paths of all directories, to be asked whether something below one is another one.
     *
     * @param own names of directories below the base that hold no users' files
     */
    Set<Path> paths(final Collection<String> own) {
        final Set<Path> paths = new HashSet<>();
        own.forEach(name -> paths.add(path(name, "")));
        for (final String text : texts()) {
            paths.add(path(text, ""));
        }
        return paths;
    }

    /** By its text alone. */
    Path path(final String text, final String below) {
        return base.resolve(text).resolve(below).normalize();
    }
}
