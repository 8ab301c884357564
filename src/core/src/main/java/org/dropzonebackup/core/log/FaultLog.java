package org.dropzonebackup.core.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A log that does not repeat itself: it reports a fault once, and again only if it still occurs ten minutes later, with the
 * number of times in between. Safe for threads.
 */
public final class FaultLog {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_FAULTS = 1000;

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final Map<String, Report> reports = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Report> eldest) {
            return size() > MAX_FAULTS;
        }
    };

    /** The last report of a fault, and how often the fault occurred since. */
    private record Report(long time, int since) {
    }

    /**
     * @param logger receives the reports
     */
    public FaultLog(final Logger logger) {
        this(logger, System::nanoTime);
    }

    FaultLog(final Logger logger, final LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /**
     * Reports a fault.
     *
     * @param fault the message; equal messages are the same fault
     */
    public void report(final Level level, final String fault) {
        suffix(fault).ifPresent(times -> logger.log(level, "{0}{1}", fault, times));
    }

    /**
     * Reports a fault with its cause.
     *
     * @param fault the message; equal messages are the same fault if their root causes have the same class and reason,
     *        whichever files they name
     */
    public void report(final Level level, final String fault, final Throwable cause) {
        suffix(fault + kind(cause)).ifPresent(times -> logger.log(level, fault + times, cause));
    }

    private static String kind(final Throwable cause) {
        if (cause.getCause() != null) {
            return kind(cause.getCause());
        }
        final String reason = cause instanceof FileSystemException fault ? fault.getReason() : cause.getMessage();
        return cause.getClass().getName() + reason;
    }

    /** @return the end of the message; empty if the fault must not be reported now */
    private synchronized Optional<String> suffix(final String fault) {
        final long now = nanoTime.getAsLong();
        final Report last = reports.get(fault);
        if (last != null && now - last.time() < QUIET_NANOS) {
            reports.put(fault, new Report(last.time(), last.since() + 1));
            return Optional.empty();
        }
        reports.put(fault, new Report(now, 0));
        return Optional.of(last == null || last.since() == 0 ? ""
                : " (and " + last.since() + " times since this was last reported)");
    }
}
