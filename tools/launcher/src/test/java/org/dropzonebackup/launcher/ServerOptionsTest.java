package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.cli.Option;
import org.dropzonebackup.core.config.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerOptionsTest {

    @ParameterizedTest
    @EnumSource(value = Setting.class, names = {"OVERWRITE", "FSYNC", "AUTO_CREATE_USER_DIRS", "SUBDIRECTORIES"})
    void takesASwitchWithAndWithoutAValue(final Setting setting) throws StartException {
        final String option = "--" + setting.key();
        for (final String[] arguments : new String[][] {{option}, {option, "true"}, {option + "=true"}, {option, "--verbose"}}) {
            assertThat(ServerOptions.parse(arguments).settings()).as(String.join(" ", arguments)).containsEntry(setting.key(), "true");
        }
        assertThat(ServerOptions.parse(option, "false").settings()).containsEntry(setting.key(), "false");
        assertThat(ServerOptions.help()).contains(option + " [true|false]");
    }

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
