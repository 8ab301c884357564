package org.dropzonebackup.core.auth;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
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
    /** Read without a lock, and changed with one. */
    private final ConcurrentMap<UserName, ConcurrentMap<Network, Login>> logins = new ConcurrentHashMap<>();

    /**
     * A login.
     *
     * @param met when the network was last met
     */
    private record Login(ByteBuffer fingerprint, long at, LeakyBucket misses, AtomicLong met) {

        boolean isYounger(final Duration age, final long now) {
            return now - at < age.toNanos();
        }
    }

    RememberedLogins(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether this very password was right from there a short time ago. */
    boolean isRecent(final User user, final Network from, final String password) {
        return find(user.name(), from, RECENT).filter(login -> login.fingerprint().equals(fingerprint(user, password)))
                .isPresent();
    }

    /** Whether any password of this user was right from there in the last days. */
    boolean isKnown(final UserName name, final Network from) {
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
            logins.get(user.name()).put(from, new Login(
                    login.fingerprint(), login.at(), login.misses().add(now, EACH_MISS), login.met()));
        }
        return same;
    }

    /** A password is right. */
    synchronized void add(final User user, final Network from, final String password) {
        final long now = nanoTime.getAsLong();
        final ConcurrentMap<Network, Login> networks = logins.computeIfAbsent(user.name(), name -> new ConcurrentHashMap<>());
        networks.put(from, new Login(fingerprint(user, password), now, LeakyBucket.EMPTY, new AtomicLong(now)));
        if (networks.size() > MOST_NETWORKS) {
            networks.entrySet().stream().min(Comparator.comparingLong(each -> each.getValue().met().get() - now))
                    .ifPresent(longest -> networks.remove(longest.getKey()));
        }
    }

    private Optional<Login> find(final UserName name, final Network from, final Duration age) {
        final Map<Network, Login> networks = logins.get(name);
        final Login login = networks == null ? null : networks.get(from);
        if (login == null) {
            return Optional.empty();
        }
        final long now = nanoTime.getAsLong();
        login.met().set(now);
        return Optional.of(login).filter(one -> one.isYounger(age, now));
    }

    private ByteBuffer fingerprint(final User user, final String password) {
        return hash.of(user.passwordHash().orElseThrow().text(), password);
    }
}
