package org.dropzonebackup.core.auth;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;

/** Lets in whoever has a token; guesses lock out the address that they come from, as failed logins do. Safe for threads. */
public final class TokenGate {

    private final byte[] token;
    private final AddressThrottle addresses;

    /**
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public TokenGate(final SecretKey token, final LongSupplier nanoTime) {
        this.token = token.getEncoded();
        this.addresses = new AddressThrottle(nanoTime);
    }

    /** How long an address is still locked out, so that no token of it counts; empty if it is not. */
    public Optional<Duration> lockedOutFor(final InetAddress from) {
        return addresses.lockedOutFor(Network.of(from));
    }

    /** Whether it is the token, which takes the same time whatever is wrong with it. A wrong one counts for its address. */
    public synchronized boolean accepts(final String given, final InetAddress from) {
        final boolean right = MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
        final Network network = Network.of(from);
        if (!right && addresses.lockedOutFor(network).isEmpty()) {
            addresses.countFailure(network);
        }
        return right;
    }
}
