package org.dropzonebackup.core.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"PT1M30S, 90 s", "PT0.5S, 500 ms", "PT1.25S, 1250 ms", "PT0S, 0 s", "PT2160H, 90 d", "PT25H, 90000 s"})
    void writesWhatItReads(final Duration duration, final String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }
}
