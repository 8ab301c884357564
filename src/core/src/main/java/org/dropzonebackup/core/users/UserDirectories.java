package org.dropzonebackup.core.users;

import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;

/**
 * The directories of all users, and those that the server needs for itself: nobody's upload gets into one of them by way of a
 * directory above. Names that differ in case or in their Unicode form count as one, as some file systems take them for one.
 * Safe for threads.
 */
public final class UserDirectories {

    private static final System.Logger LOG = System.getLogger(UserDirectories.class.getName());

    private final LiveUsers users;
    private final Path base;
    private final List<String> own;
    private volatile Known known = new Known(null, Set.of(), Map.of());

    /**
     * @param above whether any of the directories lies below one, by its text in the file; filled when it is asked for
     */
    private record Known(UsersFile file, Set<String> directories, Map<String, Boolean> above) {
    }

    /**
     * @param base below which relative directories lie
     * @param own names of directories in it that the server needs for itself
     */
    public UserDirectories(final LiveUsers users, final Path base, final List<String> own) {
        this.users = users;
        this.base = base;
        this.own = List.copyOf(own);
    }

    /**
     * Whether a path below a directory is, or leads into, the directory of somebody else who has it. True also where nobody knows,
     * since the users file has never been readable.
     *
     * @param home the directory, as the users file or the settings write it
     */
    public boolean isOfAnother(final String home, final FilePath below) {
        try {
            final Known now = known();
            return now.above().computeIfAbsent(home, each -> isAboveAny(each, now.directories()))
                    && leadsIntoAny(home, below, now.directories());
        } catch (final UsersUnavailableException e) {
            return !below.directories().isEmpty();
        }
    }

    private boolean isAboveAny(final String home, final Set<String> directories) {
        final String beginning = text(home) + '/';
        return directories.stream().anyMatch(each -> each.startsWith(beginning));
    }

    private boolean leadsIntoAny(final String home, final FilePath below, final Set<String> directories) {
        final StringBuilder path = new StringBuilder(text(home));
        for (final FileName name : below.names()) {
            path.append('/').append(folded(name.toString()));
            if (directories.contains(path.toString())) {
                return true;
            }
        }
        return false;
    }

    private Known known() throws UsersUnavailableException {
        final UsersFile now = users.content();
        Known last = known;
        if (last.file() != now) {
            final Set<String> directories = new HashSet<>();
            own.forEach(name -> directories.add(text(name)));
            now.users().values().forEach(user -> {
                try {
                    directories.add(text(user.directory()));
                } catch (final InvalidPathException notInThisLocale) {
                    LOG.log(Level.DEBUG, "nothing can be stored in the directory of a user", notInThisLocale);
                }
            });
            last = new Known(now, directories, new ConcurrentHashMap<>());
            known = last;
        }
        return last;
    }

    /** Without a slash at the end, which only a root has. */
    private String text(final String directory) {
        return folded(base.resolve(directory).normalize().toString().replace('\\', '/')).replaceFirst("/$", "");
    }

    private static String folded(final String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
