package org.dropzonebackup.core.challenge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.refusal.Refusal.TooManyUploads;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;

class HourlyLimitTest {

    private final SettableClock clock = new SettableClock();
    private final HourlyLimit limit = new HourlyLimit(4, clock::nanoTime);

    @Test
    void allowsABurstAndThenOneFileAfterTheOther() throws Exception {
        final InetAddress here = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 4; i++) {
            limit.check(here);
            limit.take(here);
        }
        clock.pass(Duration.ofMinutes(14));
        assertRefused(() -> limit.check(here), Duration.ofMinutes(1));
        assertRefused(() -> limit.take(here), Duration.ofMinutes(1));

        clock.pass(Duration.ofMinutes(1));

        limit.check(here);
        limit.take(here);
        assertRefused(() -> limit.take(here), Duration.ofMinutes(15));
        assertThatCode(() -> limit.take(InetAddress.getByName("192.0.2.2"))).doesNotThrowAnyException();
    }

    private static void assertRefused(final ThrowingCallable call, final Duration wait) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(call)
                .extracting(RefusedException::refusal).isEqualTo(new TooManyUploads(4, wait));
    }
}
