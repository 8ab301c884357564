package org.dropzonebackup.core.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({"500 MB, 500000000", "2GiB, 2147483648", "1099511627776, 1099511627776", "1.5 kB, 1500",
        "200 GiB, 214748364800", "0, 0", "7 b, 7", "1 tib, 1099511627776"})
    void parsesSizesAsPeopleWriteThem(final String text, final long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "1 PB", "MB", "1e3", "9999999999 TiB", "1 0"})
    void rejectsMalformedSizes(final String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1 KiB", "1048575, 1023 KiB", "1234567, 1.17 MiB", "1073741824, 1 GiB",
        "1610612736, 1.5 GiB", "1099511627776, 1 TiB", "1099511627775, 1023 GiB", "9223372036854775807, 7.99 EiB"})
    void roundsDown(final long bytes, final String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
    }
}
