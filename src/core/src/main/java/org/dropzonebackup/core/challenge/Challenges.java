package org.dropzonebackup.core.challenge;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.auth.Network;
import org.dropzonebackup.core.refusal.Refusal.SolutionRefused;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Issues challenges and accepts each solution once. The server keeps nothing of a challenge until it is solved: the salt
 * contains the time of expiry, and the signature proves that this server, or another one with the same key, issued it. Safe
 * for threads.
 *
 * <p>A challenge is not bound to an address: a client with both IPv4 and IPv6 may ask from one address and send from another.
 */
public final class Challenges {

    /** How long a challenge is valid. */
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    /** The most by which the clocks of servers with the same key may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final int MAX_USED = 100_000;
    private static final int SALT_BYTES = 12;
    private static final Pattern SALT = Pattern.compile("[0-9a-f]{24}\\?expires=(\\d{1,12})&");
    private static final String MAC = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;
    private final Difficulty difficulty;
    private final Optional<MarkerFiles> markers;
    private final Clock clock;
    private final UsedChallenges used;

    /**
     * @param key signs challenges
     * @param difficulty the largest number of a challenge, for a network that does not ask often
     * @param markers tell servers with the same key, and this one after a restart, which challenges are used; empty if no
     *        other server has the key, and this one has it until it stops
     * @param clock tells when challenges expire
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public Challenges(final SecretKey key, final long difficulty, final Optional<MarkerFiles> markers, final Clock clock,
            final LongSupplier nanoTime) {
        this.key = key;
        this.difficulty = new Difficulty(difficulty, nanoTime);
        this.markers = markers;
        this.clock = clock;
        this.used = new UsedChallenges(MAX_USED, LIFETIME.plus(SKEW), nanoTime);
    }

    /** Makes a random key. */
    public static SecretKey newKey() {
        final byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new SecretKeySpec(secret, MAC);
    }

    /** Issues a challenge, which is harder for networks that ask often. */
    public Challenge issue(final InetAddress from) {
        final byte[] noise = new byte[SALT_BYTES];
        random.nextBytes(noise);
        final String salt = HEX.formatHex(noise) + "?expires=" + clock.instant().plus(LIFETIME).getEpochSecond() + "&";
        final long largest = difficulty.next(Network.of(from));
        final String challenge = hash(salt, random.nextLong(largest + 1));
        return new Challenge(challenge, largest, salt, sign(challenge));
    }

    /**
     * Accepts a solution, which is used up then even if the upload fails.
     *
     * @throws RefusedException with {@link SolutionRefused}; or with {@link Unavailable}, if too many were used lately
     * @throws IOException if the marker for the other servers cannot be created
     */
    public void redeem(final Solution solution) throws RefusedException, IOException {
        final Matcher salt = SALT.matcher(solution.salt());
        if (!salt.matches() || !isAuthentic(solution)) {
            throw new RefusedException(new SolutionRefused(
                    "This solves no challenge of this server, at least of none since it started: solve another one."));
        }
        final Instant expiry = Instant.ofEpochSecond(Long.parseLong(salt.group(1)));
        checkExpiry(expiry);
        final long id = HexFormat.fromHexDigitsToLong(solution.challenge(), 0, 16);
        final UsedChallenges.Outcome outcome = used.use(id);
        if (outcome == UsedChallenges.Outcome.FULL) {
            throw new RefusedException(new Unavailable("The server has taken " + MAX_USED
                    + " anonymous uploads within minutes and takes no more now: try again later.", SKEW));
        }
        if (outcome == UsedChallenges.Outcome.USED_BEFORE || markers.isPresent() && !markers.get().create(id, expiry)) {
            throw new RefusedException(new SolutionRefused(
                    "This solution was used already, and each is good for one request: solve another challenge."));
        }
    }

    private boolean isAuthentic(final Solution solution) {
        final String challenge = hash(solution.salt(), solution.number());
        return solution.algorithm().equals(Challenge.ALGORITHM)
                & isEqual(challenge, solution.challenge()) & isEqual(sign(challenge), solution.signature());
    }

    private void checkExpiry(final Instant expiry) throws RefusedException {
        final Duration left = Duration.between(clock.instant(), expiry);
        if (left.isNegative()) {
            throw new RefusedException(new SolutionRefused("This challenge expired " + left.negated().toSeconds()
                    + " seconds ago, " + LIFETIME.toMinutes() + " minutes after it was given: solve another one."));
        }
        if (left.compareTo(LIFETIME.plus(SKEW)) > 0) {
            throw new RefusedException(new SolutionRefused("This challenge was issued by a server whose clock is "
                    + left.minus(LIFETIME).toSeconds() + " seconds ahead: tell the administrator."));
        }
    }

    private static String hash(final String salt, final long number) {
        try {
            return HEX.formatHex(MessageDigest.getInstance(Challenge.ALGORITHM)
                    .digest((salt + number).getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + Challenge.ALGORITHM, e);
        }
    }

    private String sign(final String challenge) {
        try {
            final Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return HEX.formatHex(mac.doFinal(challenge.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /** Compares in constant time. */
    private static boolean isEqual(final String ours, final String theirs) {
        return MessageDigest.isEqual(ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
    }
}
