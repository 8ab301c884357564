package org.dropzonebackup.web;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.freshness.Freshness;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.web.health.Health;

/** Looks every ten seconds how the server is and whose backups have not come, and tells receivers of events. */
final class Monitoring implements Closeable {

    private static final System.Logger LOG = System.getLogger(Monitoring.class.getName());
    private static final long LOOK_SECONDS = 10;

    private final Health health;
    private final Freshness freshness;
    private final Optional<Deliveries> deliveries;

    Monitoring(final Settings settings, final Store store, final Journal journal, final LiveUsers users, final Authenticator logins,
            final UploadThreads threads, final Clock clock) {
        final Path memory = settings.storage().uploadBaseDir().resolve(OwnDirectories.MEMORY);
        deliveries = Deliveries.areWanted(settings.events())
                ? Optional.of(new Deliveries(settings.events(), journal, memory, clock, threads.watching())) : Optional.empty();
        deliveries.ifPresent(telling -> telling.start(logins));
        health = new Health(store, journal, settings.limits().freeSpaceReserve(), System::nanoTime,
                deliveries.<Health.SpaceWatch>map(telling -> telling::space).orElse((usable, reserve) -> { }));
        freshness = new Freshness(journal, memory, clock, System::nanoTime);
        threads.watching().scheduleWithFixedDelay(health, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        threads.watching().scheduleWithFixedDelay(new Watch(freshness, users), 0, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    Health health() {
        return health;
    }

    void tell(final Metering metering) {
        metering.ask(freshness);
        deliveries.map(Deliveries::outboxes).ifPresent(metering::ask);
    }

    /** To be called when the threads have ended. */
    @Override
    public void close() {
        deliveries.ifPresent(Deliveries::close);
        try {
            freshness.close();
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the next server reads again what was entered in the last minute", e);
        }
    }
}
