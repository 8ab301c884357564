package org.dropzonebackup.core;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test advances. */
public final class SettableClock extends Clock {

    private Instant now;

    /** Starts at the present time, which is that of new files. */
    public SettableClock() {
        now = Instant.now();
    }

    /** Advances the clock. */
    public void pass(final Duration duration) {
        now = now.plus(duration);
    }

    /** The same time as of a clock such as {@link System#nanoTime()}. */
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(final ZoneId zone) {
        throw new UnsupportedOperationException("nobody asks for another zone");
    }
}
