package org.dropzonebackup.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.dropzonebackup.core.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressThrottleTest {

    private static final int ENOUGH = 11;
    private static final int ALMOST_WHAT_THE_TABLE_HOLDS = 99_000;
    private static final int MORE_THAN_THE_TABLE_HOLDS = 110_000;
    private static final Network OURS = new Network(ByteBuffer.allocate(8));

    private final SettableClock clock = new SettableClock();
    private final AddressThrottle throttle = new AddressThrottle(clock::nanoTime);

    /** Each of these failures would cost a password hash. */
    @ParameterizedTest
    @ValueSource(ints = {1, ENOUGH - 1})
    void isNotMadeToForgetAClosedAddressByFailuresFromOthers(final int each) {
        fail(OURS, ENOUGH);

        flood(MORE_THAN_THE_TABLE_HOLDS, each);

        assertThat(throttle.closedFor(OURS)).isPresent();
    }

    @Test
    void isNotMadeToForgetWhatCountsByFailuresFromOthers() {
        fail(OURS, ENOUGH - 1);

        flood(ALMOST_WHAT_THE_TABLE_HOLDS, 1);
        fail(OURS, 1);

        assertThat(throttle.closedFor(OURS)).isPresent();
    }

    @Test
    void closesNewAddressesThatGoOnAlsoWhenItIsFull() {
        flood(MORE_THAN_THE_TABLE_HOLDS, 1);

        fail(OURS, ENOUGH);

        assertThat(throttle.closedFor(OURS)).isPresent();
    }

    @Test
    void remembersAClosedAddressUntilItsHourIsOver() {
        fail(OURS, ENOUGH);
        clock.pass(Duration.ofMinutes(64));
        fail(OURS, ENOUGH);
        assertThat(throttle.closedFor(OURS)).contains(Duration.ofMinutes(10));

        clock.pass(Duration.ofMinutes(71));
        fail(OURS, ENOUGH);
        assertThat(throttle.closedFor(OURS)).contains(Duration.ofMinutes(5));
    }

    private void flood(final int addresses, final int each) {
        for (long i = 1; i <= addresses; i++) {
            fail(new Network(ByteBuffer.allocate(8).putLong(0, i)), each);
        }
    }

    private void fail(final Network from, final int times) {
        for (int i = 0; i < times; i++) {
            throttle.countFailure(from);
        }
    }
}
