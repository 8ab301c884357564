package org.dropzonebackup.core.events;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.log.FaultLog;

/** Enters in the journal what administrators want to be told of, and not often, whoever wants to fill it. One thread calls it. */
public final class Alarms {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Alarms.class.getName()));
    /** It is low below twice the reserve, and was not low above three times. */
    private static final int LOW = 2;
    private static final int ENOUGH = 3;
    private static final Duration AGAIN = Duration.ofHours(1);
    private static final int MOST_IN_AN_HOUR = 60;

    private final Journal journal;
    private final LongSupplier nanoTime;
    private boolean low;
    /** Who was told of within the hour, and when; the oldest first. */
    private final Map<String, Long> blocked = new LinkedHashMap<>();

    /** @param nanoTime for measuring durations */
    public Alarms(final Journal journal, final LongSupplier nanoTime) {
        this.journal = journal;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes note of the free space.
     *
     * @param reserve bytes that uploads may never take
     */
    public void space(final long usable, final long reserve) {
        if (!low && usable / LOW < reserve) {
            enter(new Entry(Event.SPACE_LOW, Optional.empty(), Optional.empty(),
                    Map.of("freeBytes", Long.toString(usable), "reserveBytes", Long.toString(reserve))));
            low = true;
        } else if (low && usable / ENOUGH >= reserve) {
            low = false;
        }
    }

    /**
     * Takes note of a lockout. Of one address, or one user, one is entered in an hour, and of all sixty.
     *
     * @param user whose password was guessed, if there is such a user
     * @param address from where the last guess came
     */
    public void loginBlocked(final Optional<String> user, final InetAddress address) {
        final long now = nanoTime.getAsLong();
        blocked.values().removeIf(time -> now - time >= AGAIN.toNanos());
        final String who = user.orElseGet(address::getHostAddress);
        if (blocked.size() < MOST_IN_AN_HOUR && blocked.putIfAbsent(who, now) == null) {
            enter(new Entry(Event.LOGIN_BLOCKED, user, Optional.of(address.getHostAddress()), Map.of()));
        }
    }

    private void enter(final Entry entry) {
        try {
            journal.append(List.of(entry));
        } catch (final IOException e) {
            FAULTS.report(Level.WARNING, "receivers of events are not told that " + entry.event() + ": " + FileFault.describe(e));
        }
    }
}
