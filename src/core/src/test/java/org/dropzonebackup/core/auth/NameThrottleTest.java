package org.dropzonebackup.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.users.UserName;
import org.junit.jupiter.api.Test;

class NameThrottleTest {

    private static final int ALLOWED = 50;
    private static final UserName ALICE = new UserName("alice");

    private final SettableClock clock = new SettableClock();
    private final NameThrottle throttle = new NameThrottle(clock::nanoTime);

    @Test
    void doublesTheLockoutUpToAQuarterOfAnHour() {
        fail(ALICE, ALLOWED);
        for (final int seconds : new int[] {30, 60, 120, 240, 480, 900, 900}) {
            assertThat(throttle.lockedOutFor(ALICE)).isEmpty();
            fail(ALICE, 1);
            assertThat(throttle.lockedOutFor(ALICE)).contains(Duration.ofSeconds(seconds));
            clock.pass(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void saysOnceThatALockoutBegins() {
        fail(ALICE, ALLOWED);
        assertThat(throttle.countFailure(ALICE)).isTrue();
        assertThat(throttle.countFailure(ALICE)).isFalse();
        clock.pass(Duration.ofMinutes(10));
        assertThat(throttle.countFailure(ALICE)).isFalse();
    }

    @Test
    void parallelGuessesDoNotExtendALockout() {
        fail(ALICE, ALLOWED + 100);

        assertThat(throttle.lockedOutFor(ALICE)).contains(Duration.ofSeconds(30));
    }

    @Test
    void allowsTenFailuresAMinute() {
        for (int i = 0; i < 1_000; i++) {
            fail(ALICE, 1);
            assertThat(throttle.lockedOutFor(ALICE)).isEmpty();
            clock.pass(Duration.ofSeconds(6));
        }
    }

    @Test
    void forgetsFailuresAndLockoutsAfterAWhile() {
        fail(ALICE, ALLOWED + 1);
        clock.pass(Duration.ofSeconds(30).plusMinutes(5));
        fail(ALICE, ALLOWED);
        assertThat(throttle.lockedOutFor(ALICE)).isEmpty();
        fail(ALICE, 1);
        assertThat(throttle.lockedOutFor(ALICE)).contains(Duration.ofMinutes(1));

        clock.pass(Duration.ofMinutes(1).plusHours(1));
        fail(ALICE, ALLOWED + 1);
        assertThat(throttle.lockedOutFor(ALICE)).contains(Duration.ofSeconds(30));
    }

    /** In the server each of these failures would cost a password hash. */
    @Test
    void failuresOfInventedNamesNeitherResetNorLockOutOthers() {
        final UserName bob = new UserName("bob");
        fail(ALICE, ALLOWED + 1);

        for (int i = 0; i < 300_000; i++) {
            fail(new UserName("invented" + i), 1);
        }
        assertThat(throttle.lockedOutFor(ALICE)).isPresent();
        assertThat(throttle.lockedOutFor(bob)).isEmpty();
    }

    private void fail(final UserName name, final int times) {
        for (int i = 0; i < times; i++) {
            throttle.countFailure(name);
        }
    }
}
