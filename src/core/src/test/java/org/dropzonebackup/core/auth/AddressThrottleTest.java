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
    private static final int JUST_BELOW_CAPACITY = 99_000;
    private static final int ABOVE_CAPACITY = 110_000;
    private static final Network OURS = new Network(ByteBuffer.allocate(8));

    private final SettableClock clock = new SettableClock();
    private final AddressThrottle throttle = new AddressThrottle(clock::nanoTime);

    /** In the server each of these failures would cost a password hash. */
    @ParameterizedTest
    @ValueSource(ints = {1, ENOUGH - 1})
    void failuresFromOtherAddressesDoNotEvictALockout(final int each) {
        fail(OURS, ENOUGH);

        flood(ABOVE_CAPACITY, each);

        assertThat(throttle.lockedOutFor(OURS)).isPresent();
    }

    @Test
    void saysThatALockoutBegins() {
        for (int i = 1; i < ENOUGH; i++) {
            assertThat(throttle.countFailure(OURS)).isFalse();
        }
        assertThat(throttle.countFailure(OURS)).isTrue();
    }

    @Test
    void failuresFromOtherAddressesDoNotEvictACounter() {
        fail(OURS, ENOUGH - 1);

        flood(JUST_BELOW_CAPACITY, 1);
        fail(OURS, 1);

        assertThat(throttle.lockedOutFor(OURS)).isPresent();
    }

    @Test
    void locksOutNewAddressesWhenTheTableIsFull() {
        flood(ABOVE_CAPACITY, 1);

        fail(OURS, ENOUGH);

        assertThat(throttle.lockedOutFor(OURS)).isPresent();
    }

    @Test
    void remembersALockoutForAnHour() {
        fail(OURS, ENOUGH);
        clock.pass(Duration.ofMinutes(64));
        fail(OURS, ENOUGH);
        assertThat(throttle.lockedOutFor(OURS)).contains(Duration.ofMinutes(10));

        clock.pass(Duration.ofMinutes(71));
        fail(OURS, ENOUGH);
        assertThat(throttle.lockedOutFor(OURS)).contains(Duration.ofMinutes(5));
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
