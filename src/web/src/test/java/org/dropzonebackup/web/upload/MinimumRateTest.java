package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MinimumRateTest {

    private static final long SECOND = 1_000_000_000L;

    private final MinimumRate minimumRate = new MinimumRate(new MinimumRate.Limits(100, Duration.ofSeconds(10)));

    @Test
    void silenceIsTooSlowAfterTheIdleTime() {
        minimumRate.waiting(0);
        assertThat(minimumRate.isTooSlow(9 * SECOND)).isFalse();
        assertThat(minimumRate.isTooSlow(10 * SECOND)).isTrue();
    }

    @Test
    void averageCountsAndNotEachPause() {
        long now = 0;
        for (int i = 0; i < 100; i++) {
            minimumRate.waiting(now);
            now += 9 * SECOND;
            assertThat(minimumRate.isTooSlow(now)).as("after %d pauses", i).isFalse();
            minimumRate.resumed(now);
            minimumRate.received(1000);
        }
    }

    @Test
    void tooFewBytesAreTooSlow() {
        boolean slow = false;
        for (long now = 0; now < 11 * SECOND; now += SECOND) {
            minimumRate.waiting(now);
            slow |= minimumRate.isTooSlow(now + SECOND);
            minimumRate.resumed(now + SECOND);
            minimumRate.received(50);
        }
        assertThat(slow).isTrue();
    }

    @Test
    void timeInWhichTheServerIsBusyDoesNotCount() {
        minimumRate.waiting(0);
        minimumRate.resumed(SECOND);
        minimumRate.received(1);

        assertThat(minimumRate.isTooSlow(1000 * SECOND)).isFalse();
    }
}
