package org.dropzonebackup.core.challenge;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A replay cache: the challenges whose solutions were used. None is forgotten before it has expired by every server's clock;
 * when the cache is full, new ones are refused instead. Safe for threads.
 */
final class UsedChallenges {

    private final int capacity;
    private final Duration retention;
    private final LongSupplier nanoTime;
    /** The time of each use, oldest first. */
    private final Map<Long, Long> used = new LinkedHashMap<>();

    /** The result of an attempt to use a challenge. */
    enum Outcome { FIRST_USE, USED_BEFORE, FULL }

    /**
     * @param capacity how many are remembered, 110 bytes each
     * @param retention how long each is remembered after its use
     */
    UsedChallenges(final int capacity, final Duration retention, final LongSupplier nanoTime) {
        this.capacity = capacity;
        this.retention = retention;
        this.nanoTime = nanoTime;
    }

    synchronized Outcome use(final long id) {
        final long now = nanoTime.getAsLong();
        final Iterator<Long> times = used.values().iterator();
        while (times.hasNext() && now - times.next() > retention.toNanos()) {
            times.remove();
        }
        if (used.containsKey(id)) {
            return Outcome.USED_BEFORE;
        }
        if (used.size() >= capacity) {
            return Outcome.FULL;
        }
        used.put(id, now);
        return Outcome.FIRST_USE;
    }
}
