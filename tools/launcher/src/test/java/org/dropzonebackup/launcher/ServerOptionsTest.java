package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.cli.Option;
import org.dropzonebackup.core.config.Setting;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {

    @Test
    void itsHelpHasAllWordsInAlignedColumns() {
        final String words = ServerOptions.help().replaceAll("\\s+", " ");

        for (final Option option : ServerOptions.options().getOptions()) {
            assertThat(words).contains("--" + option.getLongOpt()).contains(option.getDescription());
        }
        for (final Setting setting : Setting.values()) {
            assertThat(words).contains(setting.meaning());
        }
        assertThat(words.strip()).endsWith("without it a file is one request");
        assertThat(ServerOptions.help().lines().skip(2)).allMatch(line -> line.length() <= 80)
                .allMatch(line -> line.matches("  (    |-., )--.*| {32}\\S.*"));
    }
}
