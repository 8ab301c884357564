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
 * A cache of successful logins. For five minutes the same password from the same network needs no password hash; for thirty
 * days the network is known to belong to the user. A hit prolongs neither. Of a password only a keyed hash is kept, over it
 * and the stored hash, so that an entry never matches after the password has changed. Safe for threads.
 *
 * <p>Only a login with the right password adds an entry, and it evicts only the same user's least recently seen network.
 */
final class LoginCache {

    private static final Duration VERIFIED_FOR = Duration.ofMinutes(5);
    private static final Duration KNOWN_FOR = Duration.ofDays(30);
    private static final int MAX_NETWORKS = 1_000;
    private static final int MAX_FAILURES = 20;
    private static final Duration LEAK_INTERVAL = Duration.ofSeconds(5);

    private final KeyedHash hash = new KeyedHash();
    private final LongSupplier nanoTime;
    /** Read without a lock, changed under the lock of this object. */
    private final ConcurrentMap<UserName, ConcurrentMap<Network, Login>> logins = new ConcurrentHashMap<>();

    private record Login(ByteBuffer fingerprint, long time, LeakyBucket failures, AtomicLong lastSeen) {
    }

    LoginCache(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether this password of this user was verified from this network within five minutes. */
    boolean isVerified(final User user, final Network from, final String password) {
        return find(user.name(), from, VERIFIED_FOR).filter(login -> matches(login, user, password)).isPresent();
    }

    /** Whether any password of this user was verified from this network within thirty days. */
    boolean isKnown(final UserName name, final Network from) {
        return find(name, from, KNOWN_FOR).isPresent();
    }

    /**
     * Whether this password of this user was verified from this network within thirty days. Wrong passwords are counted: a
     * burst of more than twenty, or more than one every five seconds, makes this return false for the right one too.
     */
    synchronized boolean recognizes(final User user, final Network from, final String password) {
        final Optional<Login> known = find(user.name(), from, KNOWN_FOR);
        final long now = nanoTime.getAsLong();
        if (known.isEmpty() || known.get().failures().level(now) > LEAK_INTERVAL.multipliedBy(MAX_FAILURES - 1).toNanos()) {
            return false;
        }
        final Login login = known.get();
        final boolean same = matches(login, user, password);
        if (!same) {
            logins.get(user.name()).put(from, new Login(
                    login.fingerprint(), login.time(), login.failures().add(now, LEAK_INTERVAL), login.lastSeen()));
        }
        return same;
    }

    /** Records a successful login. */
    synchronized void add(final User user, final Network from, final String password) {
        final long now = nanoTime.getAsLong();
        final ConcurrentMap<Network, Login> networks = logins.computeIfAbsent(user.name(), name -> new ConcurrentHashMap<>());
        networks.put(from, new Login(fingerprint(user, password), now, LeakyBucket.empty(now), new AtomicLong(now)));
        if (networks.size() > MAX_NETWORKS) {
            networks.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue().lastSeen().get() - now))
                    .ifPresent(oldest -> networks.remove(oldest.getKey()));
        }
    }

    private Optional<Login> find(final UserName name, final Network from, final Duration maxAge) {
        final Map<Network, Login> networks = logins.get(name);
        final Login login = networks == null ? null : networks.get(from);
        if (login == null) {
            return Optional.empty();
        }
        final long now = nanoTime.getAsLong();
        login.lastSeen().set(now);
        return now - login.time() < maxAge.toNanos() ? Optional.of(login) : Optional.empty();
    }

    private boolean matches(final Login login, final User user, final String password) {
        return login.fingerprint().equals(fingerprint(user, password));
    }

    private ByteBuffer fingerprint(final User user, final String password) {
        return hash.of(user.passwordHash().orElseThrow().text(), password);
    }
}
