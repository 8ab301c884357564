package org.dropzonebackup.core.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.policy.KeepRule;

/**
 * When files go that are looked at now. Immutable.
 *
 * @param rules by user; at least one
 */
record Expiry(Map<String, KeepRule> rules, Instant now) {

    /** Nobody's file that was entered at this time or later goes. */
    Instant youngest() {
        return now.minus(rules.values().stream().map(KeepRule::keepFor).min(Comparator.naturalOrder()).orElse(Duration.ZERO));
    }

    /** The rule for the file of an entry; none if it is kept for ever. */
    Optional<KeepRule> rule(final Entry entry) {
        return entry.user().map(rules::get);
    }

    /** Whether a file goes. */
    boolean isOver(final KeepRule rule, final Instant entered, final int newer) {
        return entered.isBefore(now.minus(rule.keepFor())) && newer >= rule.atLeast();
    }
}
