package org.dropzonebackup.core.auth;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersUnavailableException;

/**
 * Tells who may upload. Whatever is wrong with credentials, finding out takes the same time: unknown users cost a hash
 * too. Safe for threads.
 */
public final class Authenticator {

    private final LiveUsers users;
    private final RememberedLogins remembered;
    private final Throttle throttle;
    private final PasswordHash decoy = PasswordHash.decoy();
    /** KiB that password hashes may take together. */
    private final int budget;
    private final Semaphore memory;

    /**
     * @param users who they are now
     * @param nanoTime a clock that nobody sets, such as {@link System#nanoTime()}
     */
    public Authenticator(final LiveUsers users, final LongSupplier nanoTime) {
        this.users = users;
        this.remembered = new RememberedLogins(nanoTime);
        this.throttle = new Throttle(nanoTime);
        this.budget = (int) Math.min(Integer.MAX_VALUE, Math.max(1, Runtime.getRuntime().maxMemory() / 2 >> 10));
        this.memory = new Semaphore(budget, true);
    }

    /**
     * Tells what needs no hash: that these very credentials were right from there shortly before, or that the address
     * is closed.
     *
     * @return nothing if {@link #authenticate} has to be asked
     * @throws UsersUnavailableException if there are no users to compare with
     */
    public Optional<Verdict> remembered(final Credentials credentials, final InetAddress from)
            throws UsersUnavailableException {
        final Optional<User> user = find(credentials).filter(Authenticator::mayUpload);
        if (user.isPresent() && remembered.contains(fingerprint(user.get(), credentials, from))) {
            return Optional.of(new Verdict.Accepted(user.get()));
        }
        return throttle.closedFor(from).map(Verdict.Throttled::new);
    }

    /**
     * Verifies credentials, with a password hash. Waits for its turn: no more hashes run at once than there are
     * processors, nor than fit into half of the memory.
     *
     * @throws UsersUnavailableException if there are no users to compare with
     * @throws HashingUnavailableException if there is not enough memory
     */
    public Verdict authenticate(final Credentials credentials, final InetAddress from)
            throws UsersUnavailableException, HashingUnavailableException {
        final Optional<User> user = find(credentials);
        final PasswordHash hash = user.flatMap(User::passwordHash).orElse(decoy);
        final int share = shareOf(hash);
        memory.acquireUninterruptibly(share);
        try {
            // Others may have been faster: with the same credentials, or with the wrong ones that close the address
            final Optional<Verdict> known = remembered(credentials, from);
            return known.isPresent() ? known.get() : verify(credentials, user, hash, from);
        } catch (final OutOfMemoryError e) {
            throw new HashingUnavailableException(e);
        } finally {
            memory.release(share);
        }
    }

    private int shareOf(final PasswordHash hash) {
        final int fair = budget / Runtime.getRuntime().availableProcessors();
        return (int) Math.max(fair, Math.min(budget, hash.memory() >> 10));
    }

    private Verdict verify(final Credentials credentials, final Optional<User> user, final PasswordHash hash,
            final InetAddress from) {
        final boolean right = hash.verify(credentials.password());
        if (right && user.isPresent() && mayUpload(user.get())) {
            remembered.add(fingerprint(user.get(), credentials, from));
            return new Verdict.Accepted(user.get());
        }
        throttle.countFailure(from);
        final Optional<Duration> closed = throttle.closedFor(from);
        return closed.isPresent() ? new Verdict.Throttled(closed.get()) : new Verdict.Rejected();
    }

    private Optional<User> find(final Credentials credentials) throws UsersUnavailableException {
        final Optional<UserName> name = UserName.parse(credentials.userName());
        return name.isPresent() ? users.find(name.get()) : Optional.empty();
    }

    private static boolean mayUpload(final User user) {
        return user.enabled() && user.mayWrite() && user.passwordHash().isPresent();
    }

    private ByteBuffer fingerprint(final User user, final Credentials credentials, final InetAddress from) {
        return remembered.fingerprint(
                from, user.name().value(), user.passwordHash().orElseThrow(), credentials.password());
    }
}
