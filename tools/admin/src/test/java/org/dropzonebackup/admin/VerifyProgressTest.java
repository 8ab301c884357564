package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerifyProgressTest {

    private static final long GIB = 1 << 30;

    @Test
    void tellsHowLongTheRestTakesAtTheRateOfThisRun() {
        assertThat(VerifyProgress.text(1234, 300 * GIB, 100 * GIB, 500 * GIB, Duration.ofMinutes(30)))
                .isEqualTo("1234 files, 300 GiB of about 500 GiB, 56.8 MiB/s, 1:00:00 left");
    }

    @Test
    void tellsSomethingSensibleAtTheBeginningAndIfThereIsMoreThanWasThought() {
        assertThat(VerifyProgress.text(0, 0, 0, 0, Duration.ofSeconds(1))).isEqualTo("0 files, 0 B of about 0 B, 1 B/s, 0:00:00 left");
        assertThat(VerifyProgress.text(1, 2048, 2048, 1024, Duration.ofSeconds(1)))
                .isEqualTo("1 files, 2 KiB of about 2 KiB, 2 KiB/s, 0:00:00 left");
    }
}
