package org.dropzonebackup.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.receive.FileRecovery;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;

/**
 * Looks through the directories of all users, and the anonymous one: enters in the journal what a crash has kept out of it, and
 * sweeps leftovers. Never throws, so that what runs it every so often goes on. Belongs to one thread at a time.
 */
final class Sweep implements Runnable {

    private static final System.Logger LOG = System.getLogger(Sweep.class.getName());

    /** What another server has published longer ago is not under way any more. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(1);

    private final Store store;
    private final Journal journal;
    private final Receiver receiver;
    private final LiveUsers users;
    private final Settings.Storage storage;
    private final Clock clock;
    private boolean first = true;

    Sweep(final Store store, final Journal journal, final Receiver receiver, final LiveUsers users,
            final Settings.Storage storage, final Clock clock) {
        this.store = store;
        this.journal = journal;
        this.receiver = receiver;
        this.users = users;
        this.storage = storage;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            final Instant now = clock.instant();
            final Map<String, Optional<String>> owners = owners();
            final boolean nothingUnderWay = first && isAlone();
            first = false;
            store.recover(owners.keySet(), nothingUnderWay ? now : now.minus(UNDER_WAY), new FileRecovery(receiver, owners::get));
            store.sweep(owners.keySet(), now.minus(storage.staleAfter()));
        } catch (final RuntimeException e) {
            LOG.log(Level.WARNING, "leftovers cannot be swept", e);
        }
    }

    private boolean isAlone() {
        try {
            return journal.isAlone();
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "nobody knows whether other servers are running: the journal cannot be opened", e);
            return false;
        }
    }

    /** The directories with their users; without one if several share it. */
    private Map<String, Optional<String>> owners() {
        final Map<String, Optional<String>> owners = new TreeMap<>();
        try {
            for (final User user : users.all()) {
                owners.merge(user.directory(), Optional.of(user.name().toString()), (one, other) -> Optional.empty());
            }
        } catch (final UsersUnavailableException e) {
            LOG.log(Level.WARNING, "only the anonymous directory is swept: {0}", e.getMessage());
        }
        storage.anonymousDir().ifPresent(directory -> owners.put(directory, Optional.empty()));
        return owners;
    }
}
