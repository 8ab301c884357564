package org.dropzonebackup.core.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.altcha.altcha.Altcha;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChallengesTest {

    private static final String SECRET = "a key that both servers have, as a text";
    private static final SecretKey KEY = new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    private static final int DIFFICULTY = 50;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final SettableClock clock = new SettableClock();
    private final Challenges challenges = server(KEY, Optional.empty());

    @Test
    void acceptsASolutionOfTheAltchaLibrary() throws Exception {
        final Solution solution = solve(challenges.issue(HERE));

        assertThat(Altcha.verifySolution(payload(solution), SECRET, true)).isTrue();
        challenges.redeem(solution);
    }

    @Test
    void acceptsAChallengeOfTheAltchaLibrary() throws Exception {
        final Altcha.Challenge made = Altcha.createChallenge(new Altcha.ChallengeOptions().setMaxNumber((long) DIFFICULTY)
                .setHmacKey(SECRET).setExpires(clock.instant().plusSeconds(60).getEpochSecond()));

        challenges.redeem(solve(new Challenge(made.challenge, made.maxnumber, made.salt, made.signature)));
    }

    @Test
    void picksNumbersUpToTheDifficulty() {
        assertThat(Stream.generate(() -> challenges.issue(HERE)).limit(20))
                .allSatisfy(given -> assertThat(given.maxNumber()).isEqualTo(DIFFICULTY))
                .extracting(given -> solve(given).number()).allMatch(number -> number <= DIFFICULTY)
                .satisfies(numbers -> assertThat(Set.copyOf(numbers)).hasSizeGreaterThan(5));
    }

    @Test
    void acceptsASolutionOnce() throws Exception {
        final Solution solution = solve(challenges.issue(HERE));
        challenges.redeem(solution);

        assertRefused(solution, "used already");
    }

    @Test
    void acceptsASolutionUntilItExpires() throws Exception {
        final Solution intime = solve(challenges.issue(HERE));
        final Solution late = solve(challenges.issue(HERE));
        clock.pass(Challenges.LIFETIME.minusSeconds(1));
        challenges.redeem(intime);

        clock.pass(Duration.ofSeconds(5));

        assertRefused(late, "expired");
        assertRefused(intime, "expired");
    }

    @Test
    void remembersAUsedSolutionWhenTheClockIsSet() throws Exception {
        final SettableClock unset = new SettableClock();
        final Challenges server = new Challenges(KEY, DIFFICULTY, Optional.empty(), clock, unset::nanoTime);
        final Solution solution = solve(server.issue(HERE));
        server.redeem(solution);

        clock.pass(Duration.ofHours(1));
        server.redeem(solve(server.issue(HERE)));
        clock.pass(Duration.ofHours(-1));

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> server.redeem(solution))
                .withMessageContaining("used already");
    }

    static List<UnaryOperator<Solution>> forgeries() {
        return List.of(
                real -> new Solution(real.algorithm(), real.challenge(), real.number() + 1, real.salt(), real.signature()),
                real -> new Solution(real.algorithm(), real.challenge(), -1, real.salt(), real.signature()),
                real -> new Solution("SHA-1", real.challenge(), real.number(), real.salt(), real.signature()),
                real -> new Solution(real.algorithm(), real.challenge(), real.number(), later(real.salt()), real.signature()),
                real -> new Solution(real.algorithm(), real.challenge(), real.number(),
                        real.salt().substring(0, 24), real.signature()),
                // The easiest possible challenge, made by the client, with the signature of a real one
                real -> new Solution(real.algorithm(), sha256(real.salt() + 0), 0, real.salt(), real.signature()),
                real -> new Solution(real.algorithm(), real.challenge(), real.number(), real.salt(), "00"),
                // The first digits of the number moved to the end of the salt
                real -> new Solution(real.algorithm(), real.challenge(), real.number() % 10,
                        real.salt() + real.number() / 10, real.signature()));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void refusesForgedSolutions(final UnaryOperator<Solution> forgery) throws Exception {
        Solution real = solve(challenges.issue(HERE));
        while (real.number() < 10) {
            real = solve(challenges.issue(HERE));
        }

        assertRefused(forgery.apply(real), "solves no challenge of this server");
        challenges.redeem(real);
    }

    @Test
    void refusesAChallengeSignedWithAnotherKey() {
        assertRefused(solve(server(Challenges.newKey(), Optional.empty()).issue(HERE)), "no challenge of this server");
    }

    @Test
    void refusesAChallengeFromTheFuture() throws Exception {
        final Solution little = ahead(Duration.ofSeconds(50));
        final Solution far = ahead(Duration.ofSeconds(90));

        challenges.redeem(little);
        assertRefused(far, "seconds ahead");
    }

    @Test
    void aSolutionIsUsedOnAllServersThatShareAKey(@TempDir final Path shared) throws Exception {
        final Challenges one = server(KEY, Optional.of(new MarkerFiles(shared.resolve("markers"))));
        final Challenges other = server(KEY, Optional.of(new MarkerFiles(shared.resolve("markers"))));
        final Solution solution = solve(one.issue(HERE));
        other.redeem(solution);

        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> one.redeem(solution))
                .withMessageContaining("used already");
    }

    /** The parent may be the base directory while its file system is not mounted. */
    @Test
    void markersDoNotCreateTheParentOfTheirDirectory(@TempDir final Path shared) throws Exception {
        final MarkerFiles markers = new MarkerFiles(shared.resolve("base/markers"));
        final Challenges server = server(KEY, Optional.of(markers));
        markers.sweep(clock.instant());

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> server.redeem(solve(server.issue(HERE))));
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void sweepsMarkersOfExpiredChallengesOnly(@TempDir final Path shared) throws Exception {
        final MarkerFiles markers = new MarkerFiles(shared);
        final Challenges server = server(KEY, Optional.of(markers));
        server.redeem(solve(server.issue(HERE)));
        Files.writeString(shared.resolve("1-something-else"), "not a marker");
        markers.sweep(clock.instant().plus(Duration.ofMinutes(14)));
        assertThat(names(shared)).hasSize(2);

        markers.sweep(clock.instant().plus(Duration.ofMinutes(16)));

        assertThat(names(shared)).containsExactly("1-something-else");
    }

    private Challenges server(final SecretKey key, final Optional<MarkerFiles> markers) {
        return new Challenges(key, DIFFICULTY, markers, clock, clock::nanoTime);
    }

    private Solution ahead(final Duration by) {
        clock.pass(by);
        final Solution solution = solve(challenges.issue(HERE));
        clock.pass(by.negated());
        return solution;
    }

    private void assertRefused(final Solution solution, final String why) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> challenges.redeem(solution)).satisfies(e -> {
            assertThat(e.refusal()).isInstanceOf(Refusal.SolutionRefused.class);
            assertThat(e.refusal().sentence()).contains(why);
        });
    }

    private static List<String> names(final Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String later(final String salt) {
        final long expires = Long.parseLong(salt.replaceAll(".*=|&", ""));
        return salt.replace(Long.toString(expires), Long.toString(Instant.ofEpochSecond(expires).plusSeconds(60).getEpochSecond()));
    }

    private static Solution solve(final Challenge given) {
        try {
            final long number = Altcha.solveChallenge(given.challenge(), given.salt(), Altcha.Algorithm.SHA256,
                    given.maxNumber(), 0).number;
            return new Solution(Challenge.ALGORITHM, given.challenge(), number, given.salt(), given.signature());
        } catch (final Exception e) {
            throw new AssertionError("the library cannot solve " + given, e);
        }
    }

    private static Altcha.Payload payload(final Solution solution) {
        final Altcha.Payload payload = new Altcha.Payload();
        payload.algorithm = solution.algorithm();
        payload.challenge = solution.challenge();
        payload.number = solution.number();
        payload.salt = solution.salt();
        payload.signature = solution.signature();
        return payload;
    }

    private static String sha256(final String text) {
        try {
            return Altcha.hashHex(Altcha.Algorithm.SHA256, text);
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }
}
