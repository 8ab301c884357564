package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.files.PropertyLine;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {

    private static final UserName ALICE = new UserName("alice");
    private static final UserName BOB = new UserName("bob");

    @Test
    void readsAnEntryWithItsDefaults() throws IOException {
        final User alice = UsersFile.parse("# comment\nAlice.quota = 2 GiB\nalice.min-file-size = 1 kB\nalice.existing = keep\n"
                + "alice.keep-for = 90 d\nalice.keep-at-least = 5\nalice.expect-every = 1 d\nalice.expect-min-size = 1 kB\n")
                .users().get(ALICE);

        assertThat(alice.directory()).isEqualTo("alice");
        assertThat(alice.quota()).isEqualTo(OptionalLong.of(2L << 30));
        assertThat(alice.minFileSize()).isEqualTo(OptionalLong.of(1000));
        assertThat(alice.existing()).contains(Existing.KEEP);
        assertThat(alice.keepFor()).contains(Duration.ofDays(90));
        assertThat(alice.keepAtLeast()).hasValue(5);
        assertThat(alice.freshness()).contains(new FreshnessRule(Duration.ofDays(1), Duration.ofHours(6), 1000));
        assertThat(alice.mayWrite()).isTrue();
        assertThat(alice.enabled()).isTrue();
        assertThat(alice.passwordHash()).isEmpty();
    }

    @Test
    void aWrongEntryAffectsOnlyItsUser() throws IOException {
        final UsersFile file = UsersFile.parse("alice.quotta = 1\nbob.directory = b\ncarl.directory = ../x\nnonsense = 1\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice.quota = much             | is not a size
            alice.min-file-size = some     | is not a size
            alice.keep-for = 5 min         | too short to keep a file for
            alice.expect-every = 9 s       | too short to expect a file in: 10 s or more
            alice.expect-grace = soon      | is not a duration
            alice.expect-min-size = some   | is not a size
            alice.keep-at-least = all      | is not a number
            alice.existing = overwrite     | neither refuse, keep nor replace
            alice.quota = 1\\nAlice.Quota = 2 | occurs twice
            alice.quotta = 1               | there is no field 'quotta'
            alice.enabled = yes            | neither true nor false
            alice.permissions = RW         | 'W' or nothing
            alice.directory = a/../../b    | without '..'
            alice.directory = C:\\users     | write a backslash as \\\\
            alice.directory = D:\\backups   | write a backslash as \\\\
            alice.directory = D:\\temp      | or in a path as /
            alice.directory = \\\\server\\share | write a backslash as \\\\
            alice.directory = D:\\\\x\\u12  | write a backslash as \\\\
            alice.password = secret        | not an Argon2 hash
            alice.password = $argon2id$v=19$m=99999999,t=3,p=1$c29tZXNhbHRzb21l$dGFndGFndGFndGFndGFn | Argon2
            alice                          | is not USER.FIELD
            _alice.quota = 1               | is not USER.FIELD
            """)
    void namesTheWrongLine(final String lines, final String what) throws IOException {
        final UsersFile file = UsersFile.parse("# first\n\nbob.directory = \\\n  b\n" + lines.replace("\\n", "\n") + "\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).singleElement().asString()
                .startsWith(lines.contains("\\n") ? "line 6: " : "line 5: ").contains(what).doesNotContain("secret");
    }

    @Test
    void aBackslashAtTheEndOfALineDoesNotHideTheNextOne() throws IOException {
        final UsersFile file = UsersFile.parse("alice.directory = D:\\\nalice.quota = 1\nbob.directory = \\\n  b=\\\n  c.d\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).singleElement().asString()
                .startsWith("line 1: user alice: ").contains("so that the next line is a part of it");
    }

    @Test
    void rejectsAFileWithoutAnyEntryOfAUser() throws IOException {
        assertThatThrownBy(() -> UsersFile.parse("<html>\n")).isInstanceOf(IOException.class);
        assertThat(UsersFile.parse("# nobody yet\n").users()).isEmpty();
        assertThat(UsersFile.parse("").users()).isEmpty();
    }

    @Test
    void anEditKeepsEverythingElse() {
        final UsersEditor editor = new UsersEditor("# ours\r\n\n! note\nbob.quota : 1\nBob.directory=\\\n  x\ncarl.quota = 2");
        editor.set(BOB, "quota", "5 GB");
        editor.set(BOB, "enabled", "false");
        editor.set(ALICE, "directory", "C:\\backup");
        editor.unset(new UserName("carl"), "quota");

        assertThat(editor).hasToString("# ours\r\n\n! note\nbob.quota = 5 GB\nBob.directory=\\\n  x\nbob.enabled = false\n"
                + "alice.directory = C:\\\\backup\n");
        assertThat(editor.has(new UserName("carl"))).isFalse();
    }

    @Test
    void anEditRemovesDuplicatesOfAField() {
        final UsersEditor editor = new UsersEditor("bob.quota = 1\nalice.quota = 3\nBOB.Quota = 2\n");
        editor.set(BOB, "quota", "5");

        assertThat(editor).hasToString("bob.quota = 5\nalice.quota = 3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {" lead", "  two", "trail ", "trail \t ", "\tt", "\f", " ", "a\nb", "a\r\n", "\u2003wide\u2003", "\u2028",
        "\u00e4\u4e2d\ud83d\udcbe", "=x", ":x", "= x", "#x", "!x", "\\", "x\\", "\\ ", "\\\\ \\", "\\u0020", "\\n", "\0", "\u0085", ""})
    void aValueReadsBackAsItWasSet(final String value) throws IOException {
        assertReadsBack(value);
    }

    @Test
    void anyValueReadsBackAsItWasSet() throws IOException {
        final String hostile = " \t\f\r\n\\=:#!u0n\u2003\u00a0\u4e2d";
        final Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            assertReadsBack(random.ints(random.nextInt(7), 0, hostile.length())
                    .mapToObj(at -> hostile.substring(at, at + 1)).collect(Collectors.joining()));
        }
    }

    /** Reads the value as the server does, and as {@link Properties} does. */
    private static void assertReadsBack(final String value) throws IOException {
        final UsersEditor editor = new UsersEditor("bob.quota = 1");
        editor.set(ALICE, "directory", value);
        editor.set(BOB, "quota", "2");

        final List<PropertyLine> lines = PropertyLine.split(editor.toString());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).entry().orElseThrow().value()).contains(value);
        final Properties properties = new Properties();
        properties.load(new StringReader(editor.toString()));
        assertThat(properties).containsExactlyInAnyOrderEntriesOf(Map.of("alice.directory", value, "bob.quota", "2"));
    }

    @Test
    void stripsWhiteSpaceAroundAValueUnlessItIsEscaped() throws IOException {
        assertThat(directoryIn(" \t laptops  ")).isEqualTo("laptops");
        assertThat(directoryIn("laptops \t\r")).isEqualTo("laptops");
        assertThat(directoryIn("laptops \\\n  ")).isEqualTo("laptops");
        assertThat(directoryIn("laptops \\\n \\\n")).isEqualTo("laptops");
        assertThat(directoryIn("laptops \\")).isEqualTo("laptops");
        assertThat(directoryIn("\\ lap tops\\   ")).isEqualTo(" lap tops ");
        assertThat(directoryIn("\\\\ laptops\\\\  ")).isEqualTo("\\ laptops\\");
    }

    private static String directoryIn(final String written) throws IOException {
        return UsersFile.parse("alice.directory =" + written + "\n\nbob.quota = 1\n").users().get(ALICE).directory();
    }

    @Test
    void keepsTheLastGoodVersionAndSeesTheNextOne(@TempDir final Path directory) throws IOException {
        final Path path = directory.resolve("users.properties");
        Files.writeString(path, "alice.directory = a\n");
        final SettableClock clock = new SettableClock();
        final LiveUsers users = new LiveUsers(path, clock);
        assertThat(users.find(ALICE)).isPresent();

        try (CapturedLog said = new CapturedLog(LiveUsers.class)) {
            Files.write(path, new byte[] {(byte) 0xFF});
            clock.pass(Duration.ofSeconds(2));
            assertThat(users.find(ALICE)).isPresent();

            Files.writeString(path, "\uFEFFbob.directory = b\n");
            clock.pass(Duration.ofSeconds(2));
            assertThat(users.find(ALICE)).isEmpty();
            assertThat(users.find(BOB)).isPresent();
            assertThat(said.lines()).hasSize(2);
            assertThat(said.lines()).first().asString().startsWith("SEVERE the users file " + path + " cannot be read").contains("line 1 is not UTF-8");
            assertThat(said.lines()).last().asString().startsWith("INFO").endsWith("can be read again");
        }
    }
}
