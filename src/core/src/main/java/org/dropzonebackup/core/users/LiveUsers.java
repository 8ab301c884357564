package org.dropzonebackup.core.users;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.FileSnapshot;
import org.dropzonebackup.core.files.TextFile;

/**
 * The users as the file has them now. Looks at the file at most once a second, when it is asked, unless it is asked to look
 * at once; the last good version stays in force when a newer one cannot be read. Safe for threads; none waits for
 * another's reading for longer than a second.
 */
public final class LiveUsers {

    private static final System.Logger LOG = System.getLogger(LiveUsers.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Path file;
    private final Clock clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Instant nextLook = Instant.MIN;
    private volatile Version version;
    private String complaint = "";

    private record Version(String text, UsersFile content, FileSnapshot snapshot) {
    }

    /**
     * @param file the users file, which need not be there yet
     * @param clock the system's but in tests
     */
    public LiveUsers(final Path file, final Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Finds a user.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public Optional<User> find(final UserName name) throws UsersUnavailableException {
        return Optional.ofNullable(current().users().get(name));
    }

    /**
     * Finds a user, and looks at the file for that, however short ago that was.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public Optional<User> findNow(final UserName name) throws UsersUnavailableException {
        try {
            if (looking.tryLock(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look(clock.instant(), false);
                } finally {
                    looking.unlock();
                }
            }
        } catch (final InterruptedException e) {
            // What is known will do for a thread that is to end
            Thread.currentThread().interrupt();
        }
        return find(name);
    }

    /**
     * All users whose entries are right.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public Collection<User> all() throws UsersUnavailableException {
        return current().users().values();
    }

    /**
     * Reads the file anew, whatever it looks like, and says in the log what came of it. Where it cannot be read the last good
     * version stays in force.
     */
    public void reload() {
        looking.lock();
        try {
            complaint = "";
            look(clock.instant(), true);
            if (complaint.isEmpty()) {
                LOG.log(Level.INFO, "the users file {0} was read anew: {1} users", file, version.content().users().size());
            }
        } finally {
            looking.unlock();
        }
    }

    private UsersFile current() throws UsersUnavailableException {
        final Instant now = clock.instant();
        // A clock that was set back must not stop the looking for as long
        final boolean due = now.isAfter(nextLook) || nextLook.isAfter(now.plus(BETWEEN_LOOKS));
        if (version == null) {
            looking.lock();
        } else if (!due || !looking.tryLock()) {
            return version.content();
        }
        try {
            look(now, false);
        } finally {
            looking.unlock();
        }
        if (version == null) {
            throw new UsersUnavailableException("the users file has never been readable: " + complaint);
        }
        return version.content();
    }

    private void look(final Instant now, final boolean anew) {
        nextLook = now.plus(BETWEEN_LOOKS);
        try {
            final FileSnapshot snapshot = FileSnapshot.of(file, now);
            if (anew || version == null || version.snapshot().mayDifferFrom(snapshot)) {
                read(snapshot, anew);
            }
            if (!complaint.isEmpty()) {
                LOG.log(Level.INFO, "the users file {0} can be read again", file);
                complaint = "";
            }
        } catch (final IOException e) {
            complain(FileFault.describe(e));
        }
    }

    private void read(final FileSnapshot snapshot, final boolean anew) throws IOException {
        final String text = TextFile.read(file);
        if (!anew && version != null && version.text().equals(text)) {
            version = new Version(text, version.content(), snapshot);
            return;
        }
        final UsersFile content = UsersFile.parse(text);
        version = new Version(text, content, snapshot);
        content.problems().forEach(problem -> LOG.log(Level.WARNING, "users file {0}: {1}", file, problem));
    }

    private void complain(final String what) {
        if (!complaint.equals(what)) {
            LOG.log(Level.ERROR, "the users file {0} cannot be read, the last good version stays in force: {1}", file, what);
            complaint = what;
        }
    }
}
