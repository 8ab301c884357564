package org.dropzonebackup.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;

/**
 * The bytes of each user's files, counted anew each time this runs, but in no more than a fiftieth of the time. Never throws.
 * Runs on one thread at a time; any may ask.
 */
final class UserBytes implements Runnable {

    private static final System.Logger LOG = System.getLogger(UserBytes.class.getName());
    private static final int REST = 50;

    private final Store store;
    private final LiveUsers users;
    private final LongSupplier nanoTime;
    private volatile Map<String, Long> counted = Map.of();
    private long restsUntil;

    UserBytes(final Store store, final LiveUsers users, final LongSupplier nanoTime) {
        this.store = store;
        this.users = users;
        this.nanoTime = nanoTime;
        this.restsUntil = nanoTime.getAsLong();
    }

    /** As counted last; none if that could not be done. */
    OptionalLong of(final User user) {
        final Long bytes = counted.get(user.directory());
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public void run() {
        final long begin = nanoTime.getAsLong();
        if (begin - restsUntil < 0) {
            return;
        }
        final Map<String, Long> bytes = new HashMap<>();
        try {
            users.all().forEach(user -> count(user.directory(), bytes));
        } catch (final UsersUnavailableException | RuntimeException e) {
            LOG.log(Level.WARNING, "not all files of users are counted for the metrics", e);
        }
        counted = Map.copyOf(bytes);
        final long end = nanoTime.getAsLong();
        restsUntil = end + REST * (end - begin);
    }

    private void count(final String directory, final Map<String, Long> bytes) {
        try {
            final Optional<Directory> there = store.existing(directory);
            bytes.put(directory, there.isPresent() ? there.get().usage() : 0);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the files in " + directory + " are not counted for the metrics", e);
        }
    }
}
