package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            adduser     | username prefix quota min-file-size existing keep-for keep-at-least expect-every expect-grace expect-min-size update password password-stdin upload-base-dir
            passwd      | username password password-stdin
            moduser     | username prefix quota min-file-size existing keep-for keep-at-least expect-every expect-grace expect-min-size enable disable upload-base-dir
            deluser     | username
            listusers   | json
            import      | passwd update upload-base-dir
            check       | upload-base-dir server-memory
            status      | user username upload-base-dir tmp-suffix json
            prune       | user username upload-base-dir tmp-suffix keep-for keep-at-least dry-run accept-clock
            listuploads | upload-base-dir anonymous-dir tmp-suffix json
            deluploads  | all older-than upload-base-dir anonymous-dir tmp-suffix
            verify      | user username max-rate continue accept-journal signing-key upload-base-dir anonymous-dir tmp-suffix json
            """)
    void acceptsOnlyItsOwnOptions(final String word, final String own) throws Exception {
        final Command command = Command.named(word).orElseThrow();
        final List<String> taken = new ArrayList<>(List.of("users-file", "passwdfile", "config", "help", "version"));
        taken.addAll(List.of(own.split(" ")));
        assertThat(command.options().getOptions()).extracting(Option::getLongOpt).hasSameElementsAs(taken);

        for (final Option option : Command.allOptions().getOptions()) {
            if (taken.contains(option.getLongOpt())) {
                check(command, option);
            } else {
                assertThatThrownBy(() -> check(command, option)).isInstanceOf(AdminException.class)
                        .hasMessageStartingWith(word + " has no option --" + option.getLongOpt() + ": it is one of ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasTheOptionsInItsSynopsis(final Command command) {
        assertThat(command.synopsis().split("[\\[\\] |]+")).filteredOn(word -> word.startsWith("--"))
                .allMatch(word -> command.options().hasLongOption(word.substring(2)));
    }

    @ParameterizedTest
    @EnumSource
    void alignsTheColumnsOfItsHelpWithoutLosingAWord(final Command command) {
        final String help = Command.help(Optional.of(command));

        for (final Option option : command.options().getOptions()) {
            assertThat(help.replaceAll("\\s+", " ")).contains("--" + option.getLongOpt()).contains(option.getDescription());
        }
        assertThat(help.lines().skip(4)).allMatch(line -> line.length() <= 80)
                .filteredOn(line -> line.contains("--")).allMatch(line -> line.matches("  (    |-., )--.*| {32}\\S.*"));
    }

    private static void check(final Command command, final Option option) throws AdminException, ParseException {
        final String value = option.hasArg() ? "=x" : "";
        command.check(new DefaultParser().parse(Command.allOptions(), new String[] {"--" + option.getLongOpt() + value}));
    }
}
