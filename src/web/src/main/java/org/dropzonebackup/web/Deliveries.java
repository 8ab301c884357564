package org.dropzonebackup.web;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.events.Alarms;
import org.dropzonebackup.core.events.Destination;
import org.dropzonebackup.core.events.EventType;
import org.dropzonebackup.core.events.Outbox;
import org.dropzonebackup.core.events.Program;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.web.events.Webhook;

/** Tells receivers what happens. Made only where there are some; each has a thread of its own. */
final class Deliveries implements Closeable {

    private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());
    private static final Duration LONGEST_PROGRAM = Duration.ofMinutes(1);
    private static final Duration AFTER_FAULT = Duration.ofMinutes(1);
    private static final long ENDS_MILLIS = 2000;

    private final List<Outbox> outboxes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Alarms alarms;
    private final Executor watching;

    /**
     * @param memory the directory of the server's own files
     * @param watching the one thread that enters alarms
     */
    Deliveries(final Settings.Events events, final Journal journal, final Path memory, final Clock clock, final Executor watching) {
        this.alarms = new Alarms(journal, System::nanoTime);
        this.watching = watching;
        if (!events.webhooks().isEmpty()) {
            final HttpClient client = Webhook.client();
            events.webhooks().forEach(url -> outboxes.add(new Outbox(journal, memory,
                    new Webhook(client, url, events.secret().orElseThrow(), clock), events.types(), clock)));
        }
        events.program().<Destination>map(program -> new Program(program, memory, LONGEST_PROGRAM)).ifPresent(program ->
                outboxes.add(new Outbox(journal, memory, program, EnumSet.allOf(EventType.class), clock)));
    }

    static boolean areWanted(final Settings.Events events) {
        return !events.webhooks().isEmpty() || events.program().isPresent();
    }

    /** @param logins whose lockouts are alarms */
    void start(final Authenticator logins) {
        logins.whenBlocked(this::blocked);
        for (final Outbox outbox : outboxes) {
            final Thread thread = new Thread(() -> run(outbox), "dropzone-events-" + threads.size());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private static void run(final Outbox outbox) {
        try (outbox) {
            while (true) {
                Thread.sleep(step(outbox).toMillis());
            }
        } catch (final InterruptedException told) {
            LOG.log(Level.DEBUG, "told to end", told);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the journal cannot be closed for " + outbox.name(), e);
        }
    }

    private static Duration step(final Outbox outbox) throws InterruptedException {
        try {
            return outbox.step();
        } catch (final RuntimeException e) {
            LOG.log(Level.ERROR, "events wait for " + outbox.name(), e);
            return AFTER_FAULT;
        }
    }

    List<Outbox> outboxes() {
        return outboxes;
    }

    /** Called by the thread that watches, see {@link Alarms#space}. */
    void space(final long usable, final long reserve) {
        alarms.space(usable, reserve);
    }

    private void blocked(final Optional<User> user, final InetAddress from) {
        try {
            watching.execute(() -> alarms.loginBlocked(user.map(known -> known.name().value()), from));
        } catch (final RejectedExecutionException stopping) {
            LOG.log(Level.DEBUG, "the server stops", stopping);
        }
    }

    /** What is not delivered yet is when a server starts again. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (final Thread thread : threads) {
                thread.join(ENDS_MILLIS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
