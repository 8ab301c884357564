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
 * The users, as the users file has them now. When a user is looked up, one thread looks at the file, at most once a second;
 * the others take what was read last. If a newer version cannot be read, the last good one stays in force. Safe for threads:
 * if the device hangs, the thread that reads waits for it, and any other for a second at most; five, if nothing was read yet.
 */
public final class LiveUsers {

    private static final System.Logger LOG = System.getLogger(LiveUsers.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration FIRST_READ_ENDS = Duration.ofSeconds(5);

    private final Path file;
    private final Clock clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Instant nextLook = Instant.MIN;
    private volatile Version version;
    private volatile String complaint = "";

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
        return Optional.ofNullable(content().users().get(name));
    }

    /**
     * Finds a user, and looks at the file for that, however short ago that was.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public Optional<User> findNow(final UserName name) throws UsersUnavailableException {
        if (awaitTurn(BETWEEN_LOOKS)) {
            try {
                look(clock.instant(), false);
            } finally {
                looking.unlock();
            }
        }
        return find(name);
    }

    /** @return whether it is this thread's turn to look; if not, what is known has to do */
    private boolean awaitTurn(final Duration limit) {
        try {
            return looking.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * All users whose entries are right.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public Collection<User> all() throws UsersUnavailableException {
        return content().users().values();
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

    /**
     * The whole file as it was read last; the same object as long as nothing has changed.
     *
     * @throws UsersUnavailableException if the file has never been readable
     */
    public UsersFile content() throws UsersUnavailableException {
        final Instant now = clock.instant();
        // A clock that was set back must not stop the looking for as long
        final boolean due = now.isAfter(nextLook) || nextLook.isAfter(now.plus(BETWEEN_LOOKS));
        if (version == null ? awaitTurn(FIRST_READ_ENDS) : due && looking.tryLock()) {
            try {
                look(now, false);
            } finally {
                looking.unlock();
            }
        }
        if (version == null) {
            throw new UsersUnavailableException("the users file has never been readable: "
                    + (complaint.isEmpty() ? "its device does not answer" : complaint));
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
