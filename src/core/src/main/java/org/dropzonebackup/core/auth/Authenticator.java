package org.dropzonebackup.core.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersUnavailableException;

/**
 * Checks credentials. A rejection takes the same time whatever the reason: for an unknown user a hash is computed too. Safe
 * for threads.
 *
 * <h2>Guessing</h2>
 * Failed logins lock out the address that they come from ({@link AddressThrottle}). If they come from many addresses, they
 * lock out the user name for all strangers ({@link NameThrottle}). A stranger is an address from which this user has not
 * logged in within thirty days, or since the server was started. All of this is kept in memory, is bounded, and is the same
 * for names that no user has.
 *
 * <p>Nobody can use this to lock the owner of a name out for long:
 * <ul>
 * <li>One address alone never locks out a name: eleven of its failures count in five minutes, and fifty are needed.
 * <li>A name is locked out for strangers only. Guessers from all over the world get fifty guesses in twenty minutes
 *     together, about as many as one address. An owner who comes from a new address meanwhile waits for at most a quarter of
 *     an hour, and then has to be faster than the guessers.
 * <li>An address that is locked out may be a proxy with many clients. A password that was verified from there within five
 *     minutes is still accepted; one that was verified within thirty days is, too, as long as hardly any other is tried from
 *     there for the same user: one every five seconds. An attacker behind that proxy thus gets more guesses for this one
 *     user than the throttle allows (eleven, then a wait), and can, by sending more than that without a pause, keep this one
 *     user out of this one address. One of the two has to be possible, as only the password tells attacker and owner apart.
 * </ul>
 */
public final class Authenticator {

    private final LiveUsers users;
    private final LoginCache logins;
    private final AddressThrottle addresses;
    private final NameThrottle names;
    private final PasswordHash decoy = PasswordHash.decoy();
    private final HashMemory memory;
    private volatile Blocked blocked = (user, from) -> { };

    /** Is told of each lockout when it begins. */
    @FunctionalInterface
    public interface Blocked {
        /**
         * Must not wait, as a lock is held.
         *
         * @param user whose name is locked out; none: the address is, or there is no such user
         * @param from where the last guess came from
         */
        void begins(Optional<User> user, InetAddress from);
    }

    /**
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public Authenticator(final LiveUsers users, final LongSupplier nanoTime) {
        this(users, nanoTime, new HashMemory.Heap() { });
    }

    Authenticator(final LiveUsers users, final LongSupplier nanoTime, final HashMemory.Heap heap) {
        this.users = users;
        this.logins = new LoginCache(nanoTime);
        this.addresses = new AddressThrottle(nanoTime);
        this.names = new NameThrottle(nanoTime);
        this.memory = new HashMemory(heap, nanoTime);
    }

    /** Has somebody told of lockouts. */
    public void whenBlocked(final Blocked told) {
        blocked = told;
    }

    /**
     * Checks credentials without computing a hash, if that is possible: when they were verified from this address before, or
     * when the address or the name is locked out.
     *
     * @return empty if {@link #authenticate} has to be called
     * @throws UsersUnavailableException if there are no users to compare with
     */
    public Optional<Verdict> quickVerdict(final Credentials credentials, final InetAddress from)
            throws UsersUnavailableException {
        final Network network = Network.of(from);
        final Optional<User> user = find(credentials).filter(Authenticator::mayUpload);
        final String password = credentials.password();
        if (user.filter(one -> logins.isVerified(one, network, password)).isPresent()) {
            return user.map(Verdict.Accepted::new);
        }
        final Optional<Duration> lockout = lockedOutFor(credentials, network);
        if (lockout.isPresent() && user.filter(one -> logins.recognizes(one, network, password)).isPresent()) {
            logins.add(user.get(), network, password);
            return user.map(Verdict.Accepted::new);
        }
        return lockout.map(Verdict.Throttled::new);
    }

    private Optional<Duration> lockedOutFor(final Credentials credentials, final Network from) {
        final Optional<Duration> name = UserName.parse(credentials.userName())
                .filter(one -> !logins.isKnown(one, from)).flatMap(names::lockedOutFor);
        return Stream.of(name, addresses.lockedOutFor(from)).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    /**
     * Checks credentials by computing a password hash. Waits while as many hashes run as there are processors, or as fit
     * into half of the memory. Before it rejects, it looks whether the users file has changed: a new password works at once.
     *
     * @throws UsersUnavailableException if there are no users to compare with
     * @throws HashingUnavailableException if there is not enough memory for this hash, or if it fails otherwise
     */
    public Verdict authenticate(final Credentials credentials, final InetAddress from)
            throws UsersUnavailableException, HashingUnavailableException {
        Optional<User> user = find(credentials);
        Optional<Verdict> verdict = verify(credentials, user, from);
        while (verdict.isEmpty()) {
            user = findNow(credentials);
            verdict = verify(credentials, user, from);
        }
        return verdict.get();
    }

    /** @return empty if the password is wrong, but the user has changed meanwhile */
    private Optional<Verdict> verify(final Credentials credentials, final Optional<User> user, final InetAddress from)
            throws UsersUnavailableException, HashingUnavailableException {
        final PasswordHash hash = user.flatMap(User::passwordHash).orElse(decoy);
        try (HashMemory.Permit permit = memory.acquire(hash)) {
            // Meanwhile another request may have succeeded with the same credentials, or caused a lockout
            final Optional<Verdict> known = quickVerdict(credentials, from);
            return known.isPresent() ? known : verify(credentials, user, permit.allocate(), from);
        } catch (final HashingUnavailableException e) {
            throw unavailable(user, e.getMessage(), e);
        } catch (final RuntimeException | Error e) {
            // Errors too, as the client must get an answer
            throw unavailable(user, e.toString(), e);
        }
    }

    private static HashingUnavailableException unavailable(final Optional<User> user, final String why, final Throwable cause) {
        return new HashingUnavailableException("the password hash of " + user.map(one -> "user " + one.name())
                .orElse("a user who does not exist") + " cannot be verified: " + why, cause);
    }

    private Optional<Verdict> verify(final Credentials credentials, final Optional<User> user,
            final PasswordHash.Verification hash, final InetAddress address) throws UsersUnavailableException {
        final Network from = Network.of(address);
        final boolean right = hash.matches(credentials.password());
        if (right && user.isPresent() && mayUpload(user.get())) {
            logins.add(user.get(), from, credentials.password());
            return user.map(Verdict.Accepted::new);
        }
        if (!findNow(credentials).equals(user)) {
            return Optional.empty();
        }
        countFailure(credentials, user, address);
        return Optional.of(lockedOutFor(credentials, from).<Verdict>map(Verdict.Throttled::new).orElseGet(Verdict.Rejected::new));
    }

    /** Counts a failure for the address and the name, unless the address is locked out: its parallel guesses do not count. */
    private synchronized void countFailure(final Credentials credentials, final Optional<User> user, final InetAddress address) {
        final Network from = Network.of(address);
        if (addresses.lockedOutFor(from).isPresent()) {
            return;
        }
        if (addresses.countFailure(from)) {
            blocked.begins(Optional.empty(), address);
        }
        UserName.parse(credentials.userName()).filter(name -> !logins.isKnown(name, from)).filter(names::countFailure)
                .ifPresent(lockedOut -> blocked.begins(user, address));
    }

    private Optional<User> find(final Credentials credentials) throws UsersUnavailableException {
        final Optional<UserName> name = UserName.parse(credentials.userName());
        return name.isPresent() ? users.find(name.get()) : Optional.empty();
    }

    private Optional<User> findNow(final Credentials credentials) throws UsersUnavailableException {
        final Optional<UserName> name = UserName.parse(credentials.userName());
        return name.isPresent() ? users.findNow(name.get()) : Optional.empty();
    }

    private static boolean mayUpload(final User user) {
        return user.enabled() && user.mayWrite() && user.passwordHash().isPresent();
    }
}
