package org.dropzonebackup.core.verify;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Lets nothing be read while something else is busy; but if that has been so for an hour without an end, lets a little be read
 * all the same. Belongs to one thread.
 */
public final class IdlePace implements Pace {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final long LITTLE = 1 << 20;
    /** To open a small file takes as long as to read so much. */
    private static final long LEAST = 1 << 16;

    private final BooleanSupplier busy;
    private final Sleep sleep;
    private Duration waited = Duration.ZERO;

    /** Waits. */
    @FunctionalInterface
    public interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    /** @param busy is asked once in a second */
    public IdlePace(final BooleanSupplier busy, final Sleep sleep) {
        this.busy = busy;
        this.sleep = sleep;
    }

    @Override
    public void await(final long bytes) throws InterruptedException {
        while (busy.getAsBoolean()) {
            if (waited.compareTo(PATIENCE) >= 0) {
                sleep.sleep(Duration.ofMillis(Math.max(bytes, LEAST) * 1000 / LITTLE));
                return;
            }
            sleep.sleep(LOOK);
            waited = waited.plus(LOOK);
        }
        waited = Duration.ZERO;
    }
}
