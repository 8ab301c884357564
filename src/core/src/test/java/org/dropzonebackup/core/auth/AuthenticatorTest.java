package org.dropzonebackup.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.auth.Verdict.Accepted;
import org.dropzonebackup.core.auth.Verdict.Rejected;
import org.dropzonebackup.core.auth.Verdict.Throttled;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.UsersUnavailableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {

    private static final String RIGHT = "secret-pa55";
    private static final String HASH = PasswordHash.of(RIGHT).text();
    /** A hash of the same password that is fast, for tests that log in a thousand times. */
    private static final String CHEAP = "$argon2id$v=19$m=8,t=1,p=1$Y2hlYXAtc2FsdA$eqXKazKrmHFeS+u4ikmyog";
    private static final int ALLOWED = 10;

    @TempDir
    private Path directory;
    private final SettableClock clock = new SettableClock();
    private Authenticator authenticator;

    @BeforeEach
    void writeUsers() throws IOException {
        users("alice.password = " + HASH + "\nout.password = " + HASH + "\nout.enabled = false\nreader.password = " + HASH
                + "\nreader.permissions =\nnew.directory = new\ncheap.password = " + CHEAP + "\n");
        authenticator = new Authenticator(new LiveUsers(directory.resolve("users"), clock), clock::nanoTime);
    }

    private void users(final String text) throws IOException {
        Files.writeString(directory.resolve("users"), text);
    }

    @Test
    void acceptsTheRightPasswordWithTheNameInAnyCase() throws Exception {
        assertThat(login("Alice", RIGHT, "192.0.2.1")).isInstanceOfSatisfying(Accepted.class,
                accepted -> assertThat(accepted.user().directory()).isEqualTo("alice"));
    }

    @Test
    void rejectsEverybodyElseAlike() throws Exception {
        assertThat(login("alice", "wrong", "192.0.2.1")).isInstanceOf(Rejected.class);
        assertThat(login("nobody", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
        assertThat(login("no/name", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
        assertThat(login("out", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
        assertThat(login("reader", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
        assertThat(login("new", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
    }

    @Test
    void cachesALoginForFiveMinutesAndOneAddress() throws Exception {
        login("alice", RIGHT, "192.0.2.1");

        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isTrue();
        assertThat(remembered("alice", "wrong", "192.0.2.1")).isFalse();
        assertThat(remembered("alice", RIGHT, "192.0.2.2")).isFalse();
        clock.pass(Duration.ofMinutes(4));
        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isTrue();
        // A hit does not prolong it
        clock.pass(Duration.ofMinutes(2));
        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isFalse();
    }

    @Test
    void dropsACachedLoginWhenTheUserChanges() throws Exception {
        login("alice", RIGHT, "192.0.2.1");
        users("alice.password = " + HASH + "\nalice.enabled = false\n");
        clock.pass(Duration.ofSeconds(2));
        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isFalse();

        users("alice.password = " + PasswordHash.of("another").text() + "\n");
        clock.pass(Duration.ofSeconds(2));
        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isFalse();
        assertThat(login("alice", RIGHT, "192.0.2.1")).isInstanceOf(Rejected.class);
    }

    @Test
    void readsTheUsersFileAgainBeforeItRejects() throws Exception {
        for (int i = 0; i <= ALLOWED; i++) {
            assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Accepted.class);
            users("cheap.password = " + PasswordHash.of("new" + i).text() + "\n");
            assertThat(login("cheap", "new" + i, "192.0.2.1")).as("a new password").isInstanceOf(Accepted.class);
            users("cheap.password = " + CHEAP + "\ncheap.enabled = false\n");
            assertThat(login("cheap", "guess", "192.0.2." + (10 + i))).isInstanceOf(Rejected.class);
            users("cheap.password = " + CHEAP + "\nadded" + i + ".password = " + CHEAP + "\n");
            assertThat(login("cheap", RIGHT, "192.0.2.1")).as("enabled again").isInstanceOf(Accepted.class);
            users("cheap.password = " + CHEAP + "\nadded" + i + ".password = " + CHEAP + "\nmore.password = " + CHEAP + "\n");
            assertThat(login("more", RIGHT, "192.0.2.1")).as("a new user").isInstanceOf(Accepted.class);
        }
    }

    @Test
    void locksOutAGuessingAddressForFiveMinutes() throws Exception {
        login("alice", RIGHT, "192.0.2.1");
        for (int i = 0; i < ALLOWED; i++) {
            assertThat(login("nobody", "guess" + i, "192.0.2.1")).isInstanceOf(Rejected.class);
            clock.pass(Duration.ofSeconds(1));
        }
        assertThat(login("nobody", "one more", "192.0.2.1")).isInstanceOf(Throttled.class);

        assertThat(login("out", RIGHT, "192.0.2.1")).isInstanceOfSatisfying(Throttled.class, throttled ->
                assertThat(throttled.retryAfter()).isEqualTo(Duration.ofMinutes(5).minusSeconds(ALLOWED)));
        // A user who logged in from there before is accepted, and other addresses are not affected
        assertThat(login("alice", RIGHT, "192.0.2.1")).isInstanceOf(Accepted.class);
        assertThat(login("alice", RIGHT, "192.0.2.2")).isInstanceOf(Accepted.class);
        clock.pass(Duration.ofMinutes(5).minusSeconds(ALLOWED));
        assertThat(remembered("alice", RIGHT, "192.0.2.1")).isFalse();
        assertThat(login("alice", RIGHT, "192.0.2.1")).isInstanceOf(Accepted.class);
    }

    @Test
    void doublesTheLockoutOfAnAddressUpToAnHour() throws Exception {
        for (final int minutes : new int[] {5, 10, 20, 40, 60, 60}) {
            for (int i = 0; i < ALLOWED; i++) {
                assertThat(login("cheap", "guess", "192.0.2.1")).isInstanceOf(Rejected.class);
            }
            assertThat(lockedOutFor("cheap", "192.0.2.1")).isEqualTo(Duration.ofMinutes(minutes));
            clock.pass(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Throttled.class);
            clock.pass(Duration.ofSeconds(1));
            // Until the failures have left the window
            clock.pass(minutes == 5 ? Duration.ofMinutes(5) : Duration.ZERO);
        }
        clock.pass(Duration.ofHours(1));
        guess("cheap", "192.0.2.1", ALLOWED);
        assertThat(lockedOutFor("cheap", "192.0.2.1")).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void acceptsAKnownUserFromALockedOutAddress() throws Exception {
        login("cheap", RIGHT, "192.0.2.1");
        login("cheap", RIGHT, "192.0.2.2");
        clock.pass(Duration.ofDays(29));
        guess("cheap", "192.0.2.1", ALLOWED + 1);

        assertThat(login("alice", RIGHT, "192.0.2.1")).isInstanceOf(Throttled.class);
        assertThat(login("cheap", "guess", "192.0.2.1")).isInstanceOf(Throttled.class);
        assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Accepted.class);

        clock.pass(Duration.ofDays(1));
        guess("cheap", "192.0.2.2", ALLOWED + 1);
        assertThat(login("cheap", RIGHT, "192.0.2.2")).as("after thirty days").isInstanceOf(Throttled.class);
    }

    @Test
    void limitsGuessesOfAKnownUserFromALockedOutAddress() throws Exception {
        login("cheap", RIGHT, "192.0.2.1");
        clock.pass(Duration.ofHours(1));
        guess("cheap", "192.0.2.1", ALLOWED + 1);
        guess("cheap", "192.0.2.1", 1_000);

        assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Throttled.class);
        clock.pass(Duration.ofSeconds(5));
        assertThat(login("cheap", "guess", "192.0.2.1")).isInstanceOf(Throttled.class);
        assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Throttled.class);
        clock.pass(Duration.ofSeconds(5));
        assertThat(login("cheap", RIGHT, "192.0.2.1")).isInstanceOf(Accepted.class);
    }

    @Test
    void locksOutAGuessedNameForStrangersOnly() throws Exception {
        login("cheap", RIGHT, "192.0.2.1");
        clock.pass(Duration.ofDays(3));
        for (int i = 0; i < 5; i++) {
            guess("cheap", "198.51.100." + i, ALLOWED);
        }
        assertThat(login("cheap", RIGHT, "192.0.2.3")).as("after fifty guesses").isInstanceOf(Accepted.class);
        guess("cheap", "198.51.100.99", 1);

        assertThat(lockedOutFor("cheap", "198.51.100.100")).isEqualTo(Duration.ofSeconds(30));
        assertThat(lockedOutFor("cheap", "192.0.2.2")).isEqualTo(Duration.ofSeconds(30));
        assertThat(login("cheap", RIGHT, "192.0.2.1")).as("known").isInstanceOf(Accepted.class);
        assertThat(login("cheap", RIGHT, "192.0.2.3")).as("known").isInstanceOf(Accepted.class);
        assertThat(login("alice", RIGHT, "192.0.2.2")).as("another user").isInstanceOf(Accepted.class);
        clock.pass(Duration.ofSeconds(30));
        assertThat(login("cheap", RIGHT, "192.0.2.2")).isInstanceOf(Accepted.class);
    }

    @Test
    void locksOutANameThatNoUserHasInTheSameWay() throws Exception {
        for (int i = 0; i < 5; i++) {
            guess("nobody", "198.51.100." + i, ALLOWED);
        }
        guess("Nobody", "198.51.100.99", 1);

        assertThat(lockedOutFor("nobody", "198.51.100.100")).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void neverLocksOutANameForTheFailuresOfOneAddress() throws Exception {
        int counted = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            counted += guess("cheap", "192.0.2.1", ALLOWED + 5);
            clock.pass(Duration.ofMinutes(1));
            assertThat(authenticator.quickVerdict(new Credentials("cheap", RIGHT), address("198.51.100." + minute % 250)))
                    .as("minute %d", minute).isEmpty();
        }
        assertThat(counted).isBetween(100, 400);
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() throws Exception {
        for (int i = 0; i <= ALLOWED; i++) {
            login("nobody", "guess", "2001:db8:1:2::" + i);
        }
        assertThat(login("alice", RIGHT, "2001:db8:1:2:ffff::1")).isInstanceOf(Throttled.class);
        assertThat(login("alice", RIGHT, "2001:db8:1:3::1")).isInstanceOf(Accepted.class);
    }

    @Test
    void throwsWithoutAUsersFile() throws Exception {
        final Authenticator blind = new Authenticator(new LiveUsers(directory.resolve("none"), clock), clock::nanoTime);

        try (CapturedLog said = new CapturedLog(LiveUsers.class)) {
            assertThatThrownBy(() -> blind.authenticate(new Credentials("alice", RIGHT), address("192.0.2.1")))
                    .isInstanceOf(UsersUnavailableException.class);
            assertThat(said.lines()).singleElement().asString().startsWith("SEVERE the users file ").contains("cannot be read");
        }
    }

    @Test
    void aHashThatDoesNotFitIntoMemoryAffectsOnlyItsUser() throws Exception {
        users("huge.password = $argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn\ncheap.password = " + CHEAP + "\n");
        final Authenticator narrow = new Authenticator(new LiveUsers(directory.resolve("users"), clock), clock::nanoTime,
                new TestHeap(256 << 20, null));

        for (int i = 0; i < 3 * ALLOWED; i++) {
            assertThatThrownBy(() -> narrow.authenticate(new Credentials("Huge", "any"), address("192.0.2.1")))
                    .isInstanceOf(HashingUnavailableException.class).hasMessageContaining("user huge").hasMessageContaining("-Xmx");
        }
        assertThat(narrow.authenticate(new Credentials("cheap", RIGHT), address("192.0.2.1"))).isInstanceOf(Accepted.class);
        assertThat(narrow.authenticate(new Credentials("nobody", "any"), address("192.0.2.1"))).isInstanceOf(Rejected.class);
    }

    @Test
    void reportsAnyFaultOfAHashAsUnavailable() throws Exception {
        for (final Throwable fault : List.of(new OutOfMemoryError("in a test"), new IllegalStateException("in a test"),
                new NoClassDefFoundError("in a test"))) {
            final Authenticator faulty = new Authenticator(new LiveUsers(directory.resolve("users"), clock), clock::nanoTime,
                    new TestHeap(256 << 20, fault));

            assertThatThrownBy(() -> faulty.authenticate(new Credentials("cheap", RIGHT), address("192.0.2.1")))
                    .isInstanceOf(HashingUnavailableException.class).hasMessageContaining("user cheap").hasCause(fault);
        }
    }

    /**
     * A heap in which all is free.
     *
     * @param fault what happens when it is asked; null: nothing
     */
    private record TestHeap(long max, Throwable fault) implements HashMemory.Heap {

        @Override
        public long free() {
            if (fault instanceof Error error) {
                throw error;
            }
            if (fault instanceof RuntimeException exception) {
                throw exception;
            }
            return max;
        }

        @Override
        public void collect() {
            throw new IllegalStateException("all is free");
        }
    }

    /** @return how many of the guesses were checked */
    private int guess(final String user, final String from, final int times) throws Exception {
        int looked = 0;
        for (int i = 0; i < times; i++) {
            looked += login(user, "guess", from) instanceof Rejected ? 1 : 0;
        }
        return looked;
    }

    private Duration lockedOutFor(final String user, final String from) throws Exception {
        return login(user, "guess", from) instanceof Throttled throttled ? throttled.retryAfter() : Duration.ZERO;
    }

    private Verdict login(final String user, final String password, final String from) throws Exception {
        return authenticator.authenticate(new Credentials(user, password), address(from));
    }

    private boolean remembered(final String user, final String password, final String from) throws Exception {
        return authenticator.quickVerdict(new Credentials(user, password), address(from)).isPresent();
    }

    private static InetAddress address(final String literal) throws IOException {
        return InetAddress.getByName(literal);
    }
}
