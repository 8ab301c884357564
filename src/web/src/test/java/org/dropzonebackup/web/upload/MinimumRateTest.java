package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MinimumRateTest {

    private static final long SECOND = 1_000_000_000L;

    private final MinimumRate pace = new MinimumRate(new MinimumRate.Limits(100, Duration.ofSeconds(10)));

    @Test
    void silenceIsTooSlowAfterTheIdleTime() {
        pace.waiting(0);
        assertThat(pace.isTooSlow(9 * SECOND)).isFalse();
        assertThat(pace.isTooSlow(10 * SECOND)).isTrue();
    }

    @Test
    void averageCountsAndNotEachPause() {
        long now = 0;
        for (int i = 0; i < 100; i++) {
            pace.waiting(now);
            now += 9 * SECOND;
            assertThat(pace.isTooSlow(now)).as("after %d pauses", i).isFalse();
            pace.resumed(now);
            pace.received(1000);
        }
    }

    @Test
    void tooFewBytesAreTooSlow() {
        boolean slow = false;
        for (long now = 0; now < 11 * SECOND; now += SECOND) {
            pace.waiting(now);
            slow |= pace.isTooSlow(now + SECOND);
            pace.resumed(now + SECOND);
            pace.received(50);
        }
        assertThat(slow).isTrue();
    }

    @Test
    void timeInWhichTheServerIsBusyDoesNotCount() {
        pace.waiting(0);
        pace.resumed(SECOND);
        pace.received(1);

        assertThat(pace.isTooSlow(1000 * SECOND)).isFalse();
    }
}
