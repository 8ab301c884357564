package org.dropzonebackup.web;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;

/** Sweeps the directories of all users, and the anonymous one. Never throws, so that what runs it every so often goes on. */
final class Sweep implements Runnable {

    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());

    private final Store store;
    private final LiveUsers users;
    private final Settings.Storage storage;
    private final Clock clock;

    Sweep(final Store store, final LiveUsers users, final Settings.Storage storage, final Clock clock) {
        this.store = store;
        this.users = users;
        this.storage = storage;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            store.sweep(directories(), clock.instant().minus(storage.staleAfter()));
        } catch (final RuntimeException e) {
            LOG.log(Level.WARNING, "leftovers cannot be swept", e);
        }
    }

    private Set<String> directories() {
        final Set<String> directories = new TreeSet<>();
        storage.anonymousDir().ifPresent(directories::add);
        try {
            users.all().stream().map(User::directory).forEach(directories::add);
        } catch (final UsersUnavailableException e) {
            LOG.log(Level.WARNING, "only the anonymous directory is swept: {0}", e.getMessage());
        }
        return directories;
    }
}
