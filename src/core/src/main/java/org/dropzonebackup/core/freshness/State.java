package org.dropzonebackup.core.freshness;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.policy.FreshnessRule;

/** Whether a user's file came in time. */
public enum State {

    /** None has ever come that counts: nobody is late before the first one. */
    NEW,
    /** The last one came in time. */
    ON_TIME,
    /** The next one should be here, and its grace is not over. */
    LATE,
    /** Its grace is over. */
    DOWN;

    /**
     * The state of a user.
     *
     * @param last what is known of the user's files
     * @param resumed when servers began to look again after a time in which none did: clients that could not send then have their
     *        grace from this moment
     * @param now by the clock that gave all these times
     */
    static State of(final FreshnessRule rule, final Sighting last, final Instant resumed, final Instant now) {
        if (last.file().isEmpty()) {
            return NEW;
        }
        if (now.isBefore(last.file().get().time().plus(rule.every()))) {
            return ON_TIME;
        }
        final Instant due = due(rule, last, resumed);
        final Optional<State> told = last.told().map(event -> event == Event.DOWN ? DOWN : LATE);
        if (now.isBefore(due)) {
            return told.orElse(ON_TIME);
        }
        return now.isBefore(due.plus(rule.grace())) ? told.orElse(LATE) : DOWN;
    }

    /** When the next file is to be there, after there was one. What was told before a pause is not taken back by that. */
    static Instant due(final FreshnessRule rule, final Sighting last, final Instant resumed) {
        final Instant time = last.file().orElseThrow().time();
        final Instant due = time.plus(rule.every());
        final Instant afterPause = resumed.plus(rule.grace());
        return resumed.isAfter(time) && afterPause.isAfter(due) ? afterPause : due;
    }

    /** As it is written for people. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
