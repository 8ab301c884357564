package org.dropzonebackup.launcher;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Tells systemd that the server is ready, and from then on that it still answers, where systemd wants to know ({@code Type=notify},
 * {@code WatchdogSec}). It listens at a socket of a kind that Java has not (a datagram socket of the Unix domain), so its own program
 * {@code systemd-notify} tells it.
 */
final class SystemdNotifier {

    private static final System.Logger LOG = System.getLogger(SystemdNotifier.class.getName());
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int TOLD_IN_TIME = 3;

    private SystemdNotifier() {
    }

    /**
     * Tells that the server is ready. A daemon thread asks it for its health from then on, as clients do, and tells each time that
     * there was an answer, whatever it says: to start again would help neither a full disk nor a wrong setting.
     *
     * @param health the URL of that
     */
    static void ready(final URI health) throws InterruptedException {
        if (System.getenv("NOTIFY_SOCKET") == null) {
            return;
        }
        tell("--ready");
        watchdogMicros().ifPresent(micros -> Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread thread = new Thread(task, "watchdog");
            thread.setDaemon(true);
            return thread;
        }).scheduleWithFixedDelay(() -> tellIfItAnswers(health), 0, micros / TOLD_IN_TIME, TimeUnit.MICROSECONDS));
    }

    private static Optional<Long> watchdogMicros() {
        return Optional.ofNullable(System.getenv("WATCHDOG_USEC")).filter(text -> text.matches("[1-9]\\d{0,17}")).map(Long::valueOf);
    }

    private static void tellIfItAnswers(final URI health) {
        try {
            final HttpURLConnection connection = (HttpURLConnection) health.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.getResponseCode();
            connection.disconnect();
            tell("WATCHDOG=1");
        } catch (final IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the server does not answer itself", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(final String what) throws InterruptedException {
        try {
            final int status = new ProcessBuilder("systemd-notify", what).redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT)
                    .start().waitFor();
            if (status != 0) {
                LOG.log(Level.WARNING, "systemd-notify {0} ended with {1}", what, status);
            }
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "systemd is not told " + what, e);
        }
    }
}
