package org.dropzonebackup.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.dropzonebackup.core.verify.IdlePace;
import org.dropzonebackup.core.verify.Pace;
import org.dropzonebackup.core.verify.Scrub;
import org.dropzonebackup.core.verify.Verification;

/** Reads all stored files when it is time. Never throws, so that what runs it every so often goes on. Belongs to one thread. */
final class Scrubbing implements Runnable {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Scrubbing.class.getName()));

    private final Scrub scrub;
    private final Store store;
    private final Proofs proofs;
    private final LiveUsers users;
    private final Settings.Storage storage;
    private final Collection<String> own;
    private final Pace pace;

    /**
     * @param own names of directories in the base directory that the server needs for itself
     * @param busy whether uploads are under way: it waits for them
     */
    Scrubbing(final Scrub scrub, final Store store, final Proofs proofs, final LiveUsers users, final Settings.Storage storage,
            final Collection<String> own, final BooleanSupplier busy) {
        this.scrub = scrub;
        this.store = store;
        this.proofs = proofs;
        this.users = users;
        this.storage = storage;
        this.own = List.copyOf(own);
        this.pace = new IdlePace(busy, time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()));
    }

    @Override
    public void run() {
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        try {
            final Path base = storage.uploadBaseDir();
            scrub.run(new Verification.Box(store, proofs.journal(), proofs.heads(), base, directories(), own),
                    new Verification.Terms(pace, directory -> true, Verification.Terms.SETTLING));
        } catch (final InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (final IOException | RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                FAULTS.report(Level.WARNING, "stored files are not read just now", e);
            }
        }
    }

    private Set<String> directories() throws UsersUnavailableException {
        final Set<String> directories = new TreeSet<>(users.all().stream().map(User::directory).toList());
        storage.anonymousDir().ifPresent(directories::add);
        return directories;
    }
}
