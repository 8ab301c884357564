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
 * Gives challenges and takes their solutions, each once. Nothing is kept of a challenge until it is solved: its salt says
 * when it expires, and its signature that this server, or another one with the same key, has made it. Safe for threads.
 *
 * <p>Not bound to an address: who has two, of IPv4 and IPv6, may ask from one and send from the other.
 */
public final class Challenges {

    /** How long a challenge is good for. */
    public static final Duration LIFETIME = Duration.ofMinutes(10);

    /** How far the clocks of servers with the same key may be apart. */
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final int MOST_USED = 100_000;
    private static final int SALT_BYTES = 12;
    private static final Pattern SALT = Pattern.compile("[0-9a-f]{24}\\?expires=(\\d{1,12})&");
    private static final String MAC = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;
    private final Difficulty difficulty;
    private final Optional<SharedMarks> marks;
    private final Clock clock;
    private final UsedChallenges used;

    /**
     * @param key signs
     * @param difficulty the largest number of a challenge for a network that does not ask often
     * @param marks where servers with the same key, and this one after a restart, see which ones are used; none: the key
     *        is this server's alone, until it stops
     * @param clock of the expiry
     * @param nanoTime a clock that nobody sets, such as {@link System#nanoTime()}
     */
    public Challenges(final SecretKey key, final long difficulty, final Optional<SharedMarks> marks, final Clock clock,
            final LongSupplier nanoTime) {
        this.key = key;
        this.difficulty = new Difficulty(difficulty, nanoTime);
        this.marks = marks;
        this.clock = clock;
        this.used = new UsedChallenges(MOST_USED, LIFETIME.plus(SKEW), nanoTime);
    }

    /** A key that nobody else has. */
    public static SecretKey newKey() {
        final byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new SecretKeySpec(secret, MAC);
    }

    /** A new challenge, harder for networks that ask often. */
    public Challenge issue(final InetAddress from) {
        final byte[] noise = new byte[SALT_BYTES];
        random.nextBytes(noise);
        final String salt = HEX.formatHex(noise) + "?expires=" + clock.instant().plus(LIFETIME).getEpochSecond() + "&";
        final long largest = difficulty.next(Network.of(from));
        final String challenge = hash(salt, random.nextLong(largest + 1));
        return new Challenge(challenge, largest, salt, sign(challenge));
    }

    /**
     * Takes a solution. It is used then, whatever becomes of the upload.
     *
     * @throws RefusedException with {@link SolutionRefused}; or with {@link Unavailable}, if no more can be remembered
     * @throws IOException if the other servers cannot be told
     */
    public void redeem(final Solution solution) throws RefusedException, IOException {
        final Matcher salt = SALT.matcher(solution.salt());
        if (!salt.matches() || !isOurs(solution)) {
            throw new RefusedException(new SolutionRefused(
                    "This solves no challenge of this server, at least of none since it started: solve another one."));
        }
        final Instant expiry = Instant.ofEpochSecond(Long.parseLong(salt.group(1)));
        refuseUntimely(expiry);
        final long id = HexFormat.fromHexDigitsToLong(solution.challenge(), 0, 16);
        final UsedChallenges.Outcome outcome = used.use(id);
        if (outcome == UsedChallenges.Outcome.NO_ROOM) {
            throw new RefusedException(new Unavailable("The server has taken " + MOST_USED
                    + " anonymous uploads within minutes and takes no more now: try again later.", SKEW));
        }
        if (outcome == UsedChallenges.Outcome.USED_BEFORE || marks.isPresent() && !marks.get().mark(id, expiry)) {
            throw new RefusedException(new SolutionRefused(
                    "This solution was used already, and each is good for one request: solve another challenge."));
        }
    }

    private boolean isOurs(final Solution solution) {
        final String challenge = hash(solution.salt(), solution.number());
        return solution.algorithm().equals(Challenge.ALGORITHM)
                & isEqual(challenge, solution.challenge()) & isEqual(sign(challenge), solution.signature());
    }

    private void refuseUntimely(final Instant expiry) throws RefusedException {
        final Duration left = Duration.between(clock.instant(), expiry);
        if (left.isNegative()) {
            throw new RefusedException(new SolutionRefused("This challenge expired " + left.negated().toSeconds()
                    + " seconds ago, " + LIFETIME.toMinutes() + " minutes after it was given: solve another one."));
        }
        if (left.compareTo(LIFETIME.plus(SKEW)) > 0) {
            throw new RefusedException(new SolutionRefused("This challenge is of a server whose clock is "
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

    /** In a time that does not depend on where they differ. */
    private static boolean isEqual(final String ours, final String theirs) {
        return MessageDigest.isEqual(ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
    }
}
