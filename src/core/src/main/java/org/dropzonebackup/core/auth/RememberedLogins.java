package org.dropzonebackup.core.auth;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;

/**
 * Logins that were right: for five minutes, in which the same password needs no hash, and that there were any for thirty
 * days. What is kept of a password is a keyed hash over the stored one (so that a changed one is never met) and it. A hit
 * does not prolong anything. Safe for threads.
 *
 * <p>Only who knows a password gets in here, and crowds out nobody but its own user's least recently met network.
 */
final class RememberedLogins {

    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final Duration KNOWN = Duration.ofDays(30);
    private static final int MOST_NETWORKS = 1_000;
    private static final int MISSES_AT_ONCE = 20;
    private static final Duration EACH_MISS = Duration.ofSeconds(5);

    private final KeyedHash hash = new KeyedHash();
    private final LongSupplier nanoTime;
    private final Map<UserName, Map<Network, Login>> logins = new HashMap<>();

    private record Login(ByteBuffer fingerprint, long at, Leak misses) {

        boolean isYounger(final Duration age, final long now) {
            return now - at < age.toNanos();
        }
    }

    private static final class Networks extends LinkedHashMap<Network, Login> {

        private static final long serialVersionUID = 1L;

        Networks() {
            super(4, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Network, Login> eldest) {
            return size() > MOST_NETWORKS;
        }
    }

    RememberedLogins(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether this very password was right from there a short time ago. */
    synchronized boolean isRecent(final User user, final Network from, final String password) {
        return find(user.name(), from, RECENT).filter(login -> login.fingerprint().equals(fingerprint(user, password)))
                .isPresent();
    }

    /** Whether any password of this user was right from there in the last days. */
    synchronized boolean isKnown(final UserName name, final Network from) {
        return find(name, from, KNOWN).isPresent();
    }

    /**
     * Whether this very password was right from there in the last days. Tells so for no more than twenty wrong ones at
     * once and one every five seconds, and says no to all when there were more.
     */
    synchronized boolean recognizes(final User user, final Network from, final String password) {
        final Optional<Login> known = find(user.name(), from, KNOWN);
        final long now = nanoTime.getAsLong();
        if (known.isEmpty() || known.get().misses().exceeds(now, EACH_MISS.multipliedBy(MISSES_AT_ONCE - 1))) {
            return false;
        }
        final Login login = known.get();
        final boolean same = login.fingerprint().equals(fingerprint(user, password));
        if (!same) {
            logins.get(user.name()).put(from, new Login(login.fingerprint(), login.at(), login.misses().add(now, EACH_MISS)));
        }
        return same;
    }

    /** A password is right. */
    synchronized void add(final User user, final Network from, final String password) {
        logins.computeIfAbsent(user.name(), name -> new Networks())
                .put(from, new Login(fingerprint(user, password), nanoTime.getAsLong(), Leak.EMPTY));
    }

    private Optional<Login> find(final UserName name, final Network from, final Duration age) {
        return Optional.ofNullable(logins.getOrDefault(name, Map.of()).get(from))
                .filter(login -> login.isYounger(age, nanoTime.getAsLong()));
    }

    private ByteBuffer fingerprint(final User user, final String password) {
        return hash.of(user.passwordHash().orElseThrow().text(), password);
    }
}
