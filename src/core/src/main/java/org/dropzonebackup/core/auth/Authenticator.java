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
 * Tells who may upload. Whatever is wrong with credentials, finding out takes the same time: unknown users cost a hash
 * too. Safe for threads.
 *
 * <h2>Guesses</h2>
 * Failed logins close the address that they come from ({@link AddressThrottle}), and, when they come from many, the user
 * name to all strangers ({@link NameThrottle}). A stranger is an address from which this user was not verified within
 * thirty days, since this server was started. All this is in memory, bounded, and the same for names that nobody bears.
 *
 * <p>So that guessing does not become a way to keep the owner of a name out:
 * <ul>
 * <li>One address alone never closes a name: in five minutes eleven of its failures count, and it takes fifty.
 * <li>A closed name is closed to strangers only. Those who guess from all over the world get fifty guesses in twenty
 *     minutes together, about as many as one address; an owner who comes from a new address just then waits for a quarter
 *     of an hour at most, and has to be faster than they are.
 * <li>Behind a closed address, as all clients of a proxy may be, a password that was right from there within five
 *     minutes is right; within thirty days too, as long as hardly any other is tried there for the same user: one every
 *     five seconds. Whoever guesses for just that user from just that address can thereby try that many, where the
 *     throttle alone would let him try eleven and wait; and who sends more than that without a pause can keep that one user
 *     out of that one address meanwhile. To let neither happen is not possible, as nothing but the password tells the two
 *     apart.
 * </ul>
 */
public final class Authenticator {

    private final LiveUsers users;
    private final RememberedLogins logins;
    private final AddressThrottle addresses;
    private final NameThrottle names;
    private final PasswordHash decoy = PasswordHash.decoy();
    private final HashMemory memory;

    /**
     * @param users who they are now
     * @param nanoTime a clock that nobody sets, such as {@link System#nanoTime()}
     */
    public Authenticator(final LiveUsers users, final LongSupplier nanoTime) {
        this(users, nanoTime, HashMemory.Heap.ofThisVm());
    }

    Authenticator(final LiveUsers users, final LongSupplier nanoTime, final HashMemory.Heap heap) {
        this.users = users;
        this.logins = new RememberedLogins(nanoTime);
        this.addresses = new AddressThrottle(nanoTime);
        this.names = new NameThrottle(nanoTime);
        this.memory = new HashMemory(heap, nanoTime);
    }

    /**
     * Tells what needs no hash: that these very credentials were right from there before, or that nobody's are looked at
     * now.
     *
     * @return nothing if {@link #authenticate} has to be asked
     * @throws UsersUnavailableException if there are no users to compare with
     */
    public Optional<Verdict> remembered(final Credentials credentials, final InetAddress from)
            throws UsersUnavailableException {
        final Network network = Network.of(from);
        final Optional<User> user = find(credentials).filter(Authenticator::mayUpload);
        final String password = credentials.password();
        if (user.filter(one -> logins.isRecent(one, network, password)).isPresent()) {
            return user.map(Verdict.Accepted::new);
        }
        final Optional<Duration> closed = closedFor(credentials, network);
        if (closed.isPresent() && user.filter(one -> logins.recognizes(one, network, password)).isPresent()) {
            logins.add(user.get(), network, password);
            return user.map(Verdict.Accepted::new);
        }
        return closed.map(Verdict.Throttled::new);
    }

    private Optional<Duration> closedFor(final Credentials credentials, final Network from) {
        final Optional<Duration> name = UserName.parse(credentials.userName())
                .filter(one -> !logins.isKnown(one, from)).flatMap(names::closedFor);
        return Stream.of(name, addresses.closedFor(from)).flatMap(Optional::stream).max(Comparator.naturalOrder());
    }

    /**
     * Verifies credentials, with a password hash. Waits for its turn: no more hashes run at once than there are
     * processors, nor than fit into half of the memory. Before it says no, it looks whether the users file has another word
     * for this user by now: a new password is good at once.
     *
     * @throws UsersUnavailableException if there are no users to compare with
     * @throws HashingUnavailableException if there is not enough memory for this hash, or it fails otherwise
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

    /** @return nothing if the user has changed meanwhile, and is not known yet to be wrong */
    private Optional<Verdict> verify(final Credentials credentials, final Optional<User> user, final InetAddress from)
            throws UsersUnavailableException, HashingUnavailableException {
        final PasswordHash hash = user.flatMap(User::passwordHash).orElse(decoy);
        try (HashMemory.ReplaceLock turn = memory.await(hash)) {
            // Others may have been faster: with the same credentials, or with wrong ones that close the address
            final Optional<Verdict> known = remembered(credentials, from);
            return known.isPresent() ? known : verify(credentials, user, turn.allocate(), Network.of(from));
        } catch (final HashingUnavailableException e) {
            throw unavailable(user, e.getMessage(), e);
        } catch (final RuntimeException | Error e) {
            // Whoever waits for a verdict gets an answer, whatever it is that went wrong
            throw unavailable(user, e.toString(), e);
        }
    }

    private static HashingUnavailableException unavailable(final Optional<User> user, final String why, final Throwable cause) {
        return new HashingUnavailableException("the password hash of " + user.map(one -> "user " + one.name())
                .orElse("a user who does not exist") + " cannot be verified: " + why, cause);
    }

    private Optional<Verdict> verify(final Credentials credentials, final Optional<User> user,
            final PasswordHash.Verification hash, final Network from) throws UsersUnavailableException {
        final boolean right = hash.fits(credentials.password());
        if (right && user.isPresent() && mayUpload(user.get())) {
            logins.add(user.get(), from, credentials.password());
            return user.map(Verdict.Accepted::new);
        }
        if (!findNow(credentials).equals(user)) {
            return Optional.empty();
        }
        countFailure(credentials, from);
        return closedFor(credentials, from).<Verdict>map(Verdict.Throttled::new).or(() -> Optional.of(new Verdict.Rejected()));
    }

    /** Of guesses that come at the same time, those beyond the eleventh of an address do not count for a name either. */
    private synchronized void countFailure(final Credentials credentials, final Network from) {
        if (addresses.closedFor(from).isEmpty()) {
            addresses.countFailure(from);
            UserName.parse(credentials.userName()).filter(name -> !logins.isKnown(name, from))
                    .ifPresent(names::countFailure);
        }
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
