package org.dropzonebackup.core.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelpTableTest {

    @Test
    void alignsAndWrapsDescriptionsWithoutLosingAWord() {
        final String meaning = "word ".repeat(30) + "last";
        final String table = new HelpTable().row("--short X", meaning).row("--an-option-with-a-long-name VALUE", meaning)
                .row("--brief", "a-word-that-is-longer-than-the-column-which-it-stands-in-is-wide").toString();

        assertThat(table.lines()).hasSize(10);
        assertThat(table.lines().limit(9)).allMatch(line -> line.length() <= 80 && line.equals(line.stripTrailing()));
        assertThat(table.lines().filter(line -> line.contains("word"))).allMatch(line ->
                line.matches("  --(short X|brief) +.*| +.*") && line.charAt(31) == ' ' && line.charAt(32) != ' ');
        assertThat(table.replaceAll("\\s+", " ").strip()).isEqualTo("--short X " + meaning + " --an-option-with-a-long-name VALUE "
                + meaning + " --brief a-word-that-is-longer-than-the-column-which-it-stands-in-is-wide");
    }
}
