package org.dropzonebackup.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.freshness.Freshness;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.UsersUnavailableException;

/** Looks whose backups have not come. Never throws, so that what runs it every so often goes on. Belongs to one thread. */
final class Watch implements Runnable {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Watch.class.getName()));

    private final Freshness freshness;
    private final LiveUsers users;

    Watch(final Freshness freshness, final LiveUsers users) {
        this.freshness = freshness;
        this.users = users;
    }

    @Override
    public void run() {
        try {
            freshness.look(users.all());
        } catch (final UsersUnavailableException e) {
            FAULTS.report(Level.WARNING, "nobody's backups are watched: " + e.getMessage());
        } catch (final IOException e) {
            FAULTS.report(Level.WARNING, "nobody's backups are watched: " + FileFault.describe(e));
        } catch (final RuntimeException e) {
            FAULTS.report(Level.ERROR, "nobody's backups are watched", e);
        }
    }
}
