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
 * Says once what is wrong, and not once for each request that meets it: again only when it is still so after ten minutes,
 * and how often it was met meanwhile. Safe for threads.
 */
public final class FaultLog {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST_FAULTS = 1000;

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final Map<String, Told> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Told> eldest) {
            return size() > MOST_FAULTS;
        }
    };

    private static final class Told {
        private final long at;
        private int since;

        Told(final long at) {
            this.at = at;
        }
    }

    /**
     * @param logger where to say it
     */
    public FaultLog(final Logger logger) {
        this(logger, System::nanoTime);
    }

    FaultLog(final Logger logger, final LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /**
     * Something is wrong.
     *
     * @param fault names it: what has the same name is the same to whoever has to mend it
     */
    public void report(final Level level, final String fault) {
        due(fault).ifPresent(times -> logger.log(level, "{0}{1}", fault, times));
    }

    /**
     * Something failed.
     *
     * @param cause with a cause of the same kind it is the same to whoever has to mend it, whatever file was met
     */
    public void report(final Level level, final String fault, final Throwable cause) {
        due(fault + kind(cause)).ifPresent(times -> logger.log(level, fault + times, cause));
    }

    private static String kind(final Throwable cause) {
        if (cause.getCause() != null) {
            return kind(cause.getCause());
        }
        final String said = cause instanceof FileSystemException fault ? fault.getReason() : cause.getMessage();
        return cause.getClass().getName() + said;
    }

    /** @return what to add if it is to be told now */
    private synchronized Optional<String> due(final String fault) {
        final long now = nanoTime.getAsLong();
        final Told last = told.get(fault);
        if (last != null && now - last.at < QUIET_NANOS) {
            last.since++;
            return Optional.empty();
        }
        told.put(fault, new Told(now));
        return Optional.of(last == null || last.since == 0 ? "" : " (and " + last.since + " times since this was last told)");
    }
}
