package org.dropzonebackup.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.receive.Receiver;
import org.dropzonebackup.core.retention.DoubtfulClockException;
import org.dropzonebackup.core.retention.KeptBox;
import org.dropzonebackup.core.retention.Removal;
import org.dropzonebackup.core.retention.Retention;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.UsersUnavailableException;

/**
 * Removes files that need not be kept any longer, unless another server does. Never throws, so that what runs it every so often
 * goes on. Belongs to one thread.
 */
final class Prune implements Runnable {

    private static final System.Logger LOG = System.getLogger(Prune.class.getName());

    private final Retention retention;
    private final Receiver receiver;
    private final LiveUsers users;
    private final Settings.Retention byDefault;
    /** Whether the log says already that the clock may be wrong. */
    private boolean doubtful;

    Prune(final Retention retention, final Receiver receiver, final LiveUsers users, final Settings.Retention byDefault) {
        this.retention = retention;
        this.receiver = receiver;
        this.users = users;
        this.byDefault = byDefault;
    }

    @Override
    public void run() {
        try {
            final List<KeptBox> boxes = KeptBox.of(users.all(), byDefault.keepFor(), byDefault.keepAtLeast());
            if (!boxes.isEmpty()) {
                prune(boxes);
            }
        } catch (final DoubtfulClockException e) {
            if (!doubtful) {
                LOG.log(Level.ERROR, "no file is removed, however old: {0}", e.getMessage());
            }
            doubtful = true;
        } catch (final UsersUnavailableException e) {
            LOG.log(Level.WARNING, "no file is removed, however old: {0}", e.getMessage());
        } catch (final IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "no file is removed, however old", e);
        }
    }

    private void prune(final List<KeptBox> boxes) throws IOException {
        final Counted counted = new Counted();
        if (!retention.prune(boxes, counted)) {
            LOG.log(Level.INFO, "another server, or an administrator, removes old files just now");
            return;
        }
        doubtful = false;
        counted.byDirectory.forEach((directory, count) ->
                LOG.log(Level.INFO, "removed {0} files from {1} that need not be kept any longer", count, directory));
    }

    private final class Counted implements Retention.Report {

        private final Map<String, Integer> byDirectory = new TreeMap<>();

        @Override
        public void goes(final Removal removal) {
            byDirectory.merge(removal.line().file().directory(), 1, Integer::sum);
        }

        @Override
        public void freed(final Directory directory) {
            receiver.forgetRemoved(directory.identity());
        }

        @Override
        public void failed(final String directory, final IOException fault) {
            LOG.log(Thread.currentThread().isInterrupted() ? Level.DEBUG : Level.WARNING,
                    "old files are not removed from " + directory + ": " + FileFault.describe(fault), fault);
        }
    }
}
