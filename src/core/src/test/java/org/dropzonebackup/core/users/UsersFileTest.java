package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.dropzonebackup.core.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersFileTest {

    private static final UserName ALICE = new UserName("alice");
    private static final UserName BOB = new UserName("bob");

    @Test
    void readsAnEntryWithItsDefaults() throws IOException {
        final User alice = UsersFile.parse("# comment\nAlice.quota = 2 GiB\n").users().get(ALICE);

        assertThat(alice.directory()).isEqualTo("alice");
        assertThat(alice.quota()).isEqualTo(OptionalLong.of(2L << 30));
        assertThat(alice.mayWrite()).isTrue();
        assertThat(alice.enabled()).isTrue();
        assertThat(alice.passwordHash()).isEmpty();
    }

    @Test
    void aWrongEntryCostsOnlyItsUser() throws IOException {
        final UsersFile file = UsersFile.parse("alice.quotta = 1\nbob.directory = b\ncarl.directory = ../x\nnonsense = 1\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice.quota = much             | is not a size
            alice.quota = 1\\nAlice.Quota = 2 | stands twice
            alice.quotta = 1               | there is no field 'quotta'
            alice.enabled = yes            | neither true nor false
            alice.permissions = RW         | 'W' or nothing
            alice.directory = a/../../b    | without '..'
            alice.directory = C:\\users     | write a backslash as
            alice.password = secret        | not an Argon2 hash
            alice.password = $argon2id$v=19$m=99999999,t=3,p=1$c29tZXNhbHRzb21l$dGFndGFndGFndGFndGFn | Argon2
            alice                          | is not USER.FIELD
            _alice.quota = 1               | is not USER.FIELD
            """)
    void saysWhichLineIsWrong(final String lines, final String what) throws IOException {
        final UsersFile file = UsersFile.parse("# first\n\nbob.directory = \\\n  b\n" + lines.replace("\\n", "\n") + "\n");

        assertThat(file.users()).containsOnlyKeys(BOB);
        assertThat(file.problems()).singleElement().asString()
                .startsWith(lines.contains("\\n") ? "line 6: " : "line 5: ").contains(what).doesNotContain("secret");
    }

    @Test
    void whatHasNoEntryOfAnyUserIsNoUsersFile() throws IOException {
        assertThatThrownBy(() -> UsersFile.parse("<html>\n")).isInstanceOf(IOException.class);
        assertThat(UsersFile.parse("# nobody yet\n").users()).isEmpty();
        assertThat(UsersFile.parse("").users()).isEmpty();
    }

    @Test
    void anEditKeepsWhatItDoesNotChange() {
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
    void anEditLeavesOneValueOfAFieldThatStoodTwice() {
        final UsersEditor editor = new UsersEditor("bob.quota = 1\nalice.quota = 3\nBOB.Quota = 2\n");
        editor.set(BOB, "quota", "5");

        assertThat(editor).hasToString("bob.quota = 5\nalice.quota = 3\n");
    }

    @Test
    void keepsTheLastGoodVersionAndSeesTheNextOne(@TempDir final Path directory) throws IOException {
        final Path path = directory.resolve("users.properties");
        Files.writeString(path, "alice.directory = a\n");
        final SettableClock clock = new SettableClock();
        final LiveUsers users = new LiveUsers(path, clock);
        assertThat(users.find(ALICE)).isPresent();

        Files.write(path, new byte[] {(byte) 0xFF});
        clock.pass(Duration.ofSeconds(2));
        assertThat(users.find(ALICE)).isPresent();

        Files.writeString(path, "bob.directory = b\n");
        clock.pass(Duration.ofSeconds(2));
        assertThat(users.find(ALICE)).isEmpty();
        assertThat(users.find(BOB)).isPresent();
    }
}
