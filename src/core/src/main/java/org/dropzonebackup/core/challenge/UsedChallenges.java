package org.dropzonebackup.core.challenge;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The challenges that were solved and used: none of them is forgotten before it has expired by any clock, and when
 * there is no room for another one, it is refused. Safe for threads.
 */
final class UsedChallenges {

    private final int most;
    private final Duration remembered;
    private final LongSupplier nanoTime;
    /** When each was used, the oldest first. */
    private final Map<Long, Long> used = new LinkedHashMap<>();

    /** What became of one. */
    enum Outcome { FIRST_USE, USED_BEFORE, NO_ROOM }

    /**
     * @param most how many are remembered, 110 bytes each
     * @param remembered for how long after their use
     */
    UsedChallenges(final int most, final Duration remembered, final LongSupplier nanoTime) {
        this.most = most;
        this.remembered = remembered;
        this.nanoTime = nanoTime;
    }

    synchronized Outcome use(final long id) {
        final long now = nanoTime.getAsLong();
        final Iterator<Long> times = used.values().iterator();
        while (times.hasNext() && now - times.next() > remembered.toNanos()) {
            times.remove();
        }
        if (used.containsKey(id)) {
            return Outcome.USED_BEFORE;
        }
        if (used.size() >= most) {
            return Outcome.NO_ROOM;
        }
        used.put(id, now);
        return Outcome.FIRST_USE;
    }
}
