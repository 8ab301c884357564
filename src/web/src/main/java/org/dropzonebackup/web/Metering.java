package org.dropzonebackup.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import javax.crypto.SecretKey;
import org.dropzonebackup.core.auth.TokenGate;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.events.Outbox;
import org.dropzonebackup.core.freshness.Freshness;
import org.dropzonebackup.core.freshness.State;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.log.AuditLine;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.dropzonebackup.web.auth.Logins;
import org.dropzonebackup.web.metrics.Counted;
import org.dropzonebackup.web.metrics.Metrics;
import org.dropzonebackup.web.metrics.MetricsServlet;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.upload.UploadContext;

/** Asks all parts of the application what metrics want to know. Made only where somebody may read them. */
final class Metering {

    private static final System.Logger LOG = System.getLogger(Metering.class.getName());
    private static final long COUNTING_MINUTES = 10;

    private final Metrics metrics;
    private final TokenGate gate;

    /**
     * @param token of whoever may read them
     */
    Metering(final SecretKey token, final Clock clock) {
        metrics = new Metrics(clock);
        gate = new TokenGate(token, System::nanoTime);
    }

    /** What is at {@code /metrics}. */
    Servlet servlet(final Function<HttpServletRequest, InetAddress> address, final EarlyAnswer early) {
        return new MetricsServlet(metrics, gate, address, early);
    }

    Counted counted() {
        return metrics.counted();
    }

    /** Who is told what becomes of an upload. */
    Consumer<AuditLine> upload(final HttpServletRequest request) {
        return counted().upload(request, Paths.TUS, Paths.RESOURCES);
    }

    void ask(final UploadContext uploads, final EarlyAnswer early, final Logins logins) {
        metrics.gauge("dropzone_uploads_in_progress", "Requests that bring files and have not ended", told -> told.value(uploads.inProgress()));
        metrics.counter("dropzone_refusals_drained_total", "Refused requests whose body was read on and discarded",
                told -> told.value(early.drained()));
        metrics.counter("dropzone_logins_total", "Checked user names and passwords, by what became of them", told -> Arrays.stream(
                Logins.Result.values()).forEach(result -> told.value(logins.count(result), result.name().toLowerCase(Locale.ROOT))), "outcome");
    }

    void ask(final UploadThreads threads) {
        pools(threads, "dropzone_pool_threads", "Threads of a pool", ThreadPoolExecutor::getPoolSize);
        pools(threads, "dropzone_pool_busy_threads", "Threads of a pool that are at a task, about", ThreadPoolExecutor::getActiveCount);
        pools(threads, "dropzone_pool_queued_tasks", "Tasks that wait for a thread of a pool", pool -> pool.getQueue().size());
    }

    private void pools(final UploadThreads threads, final String name, final String help, final ToDoubleFunction<ThreadPoolExecutor> value) {
        metrics.gauge(name, help, told -> threads.pools().forEach((kind, pool) -> told.value(value.applyAsDouble(pool), kind)), "pool");
    }

    void ask(final Settings.Limits limits, final Journal journal, final Store store) {
        metrics.gauge("dropzone_free_bytes", "Free space of the base directory's file system", told -> free(store).ifPresent(told::value));
        metrics.gauge("dropzone_free_space_reserve_bytes", "Space that uploads may never take", told -> told.value(limits.freeSpaceReserve()));
        metrics.gauge("dropzone_journal_entries", "Entries of this server's chain of the journal",
                told -> journal.entries().ifPresent(told::value));
    }

    private static OptionalLong free(final Store store) {
        try {
            return OptionalLong.of(store.open("").capacity().usable());
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the free space cannot be told to those who read the metrics", e);
            return OptionalLong.empty();
        }
    }

    /** Users of whom files are expected; none where another server looks after them. */
    void ask(final Freshness freshness) {
        metrics.gauge("dropzone_user_state", "1 for the state of a user of whom files are expected, 0 for the other states",
                told -> freshness.seen().forEach((user, seen) -> Arrays.stream(State.values()).forEach(
                        state -> told.value(state == seen.state() ? 1 : 0, user, state.name().toLowerCase(Locale.ROOT)))), "user", "state");
        metrics.gauge("dropzone_user_last_stored_timestamp_seconds", "When the last file of a user came that counts",
                told -> freshness.seen().forEach((user, seen) -> seen.last().ifPresent(
                        last -> told.value(last.time().toEpochMilli() / 1000.0, user))), "user");
    }

    /** Those that are told of events: labels are numbers, as two may have one host. */
    void ask(final List<Outbox> outboxes) {
        metrics.gauge("dropzone_events_behind_entries", "Entries of the journal that a receiver of events was not told of yet", told -> {
            for (int i = 0; i < outboxes.size(); i++) {
                told.value(outboxes.get(i).behind(), Integer.toString(i + 1), outboxes.get(i).name());
            }
        }, "receiver", "name");
    }

    /** Users who are in the users file, and nobody else. */
    void ask(final LiveUsers users, final UserBytes bytes, final ScheduledExecutorService counting) {
        counting.scheduleWithFixedDelay(bytes, 0, COUNTING_MINUTES, TimeUnit.MINUTES);
        users(users, "dropzone_user_stored_bytes", "Bytes of a user's files", bytes::of);
        users(users, "dropzone_user_quota_bytes", "Bytes that a user's files may have; missing: any number", User::quota);
    }

    private void users(final LiveUsers users, final String name, final String help, final Function<User, OptionalLong> value) {
        metrics.gauge(name, help, told -> all(users).forEach(
                user -> value.apply(user).ifPresent(known -> told.value(known, user.name().toString()))), "user");
    }

    private static Collection<User> all(final LiveUsers users) {
        try {
            return users.all();
        } catch (final UsersUnavailableException e) {
            // The log says so elsewhere, and who reads sees that they are missing
            return List.of();
        }
    }
}
