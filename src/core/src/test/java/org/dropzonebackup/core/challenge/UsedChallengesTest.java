package org.dropzonebackup.core.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.challenge.UsedChallenges.Outcome.FIRST_USE;
import static org.dropzonebackup.core.challenge.UsedChallenges.Outcome.FULL;
import static org.dropzonebackup.core.challenge.UsedChallenges.Outcome.USED_BEFORE;

import java.time.Duration;
import org.dropzonebackup.core.SettableClock;
import org.junit.jupiter.api.Test;

class UsedChallengesTest {

    private final SettableClock clock = new SettableClock();
    private final UsedChallenges used = new UsedChallenges(2, Duration.ofMinutes(11), clock::nanoTime);

    @Test
    void refusesNewChallengesWhenItIsFull() {
        assertThat(used.use(1)).isEqualTo(FIRST_USE);
        clock.pass(Duration.ofMinutes(6));
        assertThat(used.use(2)).isEqualTo(FIRST_USE);

        assertThat(used.use(3)).isEqualTo(FULL);
        assertThat(used.use(1)).isEqualTo(USED_BEFORE);

        clock.pass(Duration.ofMinutes(6));
        assertThat(used.use(3)).isEqualTo(FIRST_USE);
        assertThat(used.use(2)).isEqualTo(USED_BEFORE);
    }
}
