package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which paths lead into the directory of somebody else. */
class UserDirectoriesTest {

    private final SettableClock clock = new SettableClock();
    private Path file;
    private UserDirectories directories;

    @BeforeEach
    void makeUsers(@TempDir final Path base) throws IOException {
        file = Files.writeString(base.resolve("users"), "alice.directory = team/alice\nteam.directory = team\n"
                + "bob.directory = " + base + "/b\u00fcro/bob\nall.directory = .\nagain.directory = ./team/x/../alice\n");
        directories = new UserDirectories(new LiveUsers(file, clock), base, List.of(".marks"));
    }

    @ParameterizedTest
    @CsvSource({"., team/a.txt", "., TEAM/a.txt", "., team", "., team/alice/x/a.txt", "., .marks/x", "team, alice/a.txt", "team, Alice",
        "., b\u00fcro/bob/x", "., bu\u0308ro/bob", "b\u00fcro, bob/a", "team/., alice/a.txt"})
    void leadsIntoADirectoryBelowThatIsOfAnother(final String home, final String path) throws Exception {
        assertThat(directories.isOfAnother(home, path(path))).isTrue();
    }

    @Test
    void leadsIntoADirectoryBelowTheRoot(@TempDir final Path elsewhere) throws Exception {
        Files.writeString(file, "all.directory = /\nalice.directory = " + elsewhere + "\n");
        clock.pass(Duration.ofSeconds(2));
        assertThat(directories.isOfAnother("/", path(elsewhere.toString().substring(1) + "/a.txt"))).isTrue();
        assertThat(directories.isOfAnother("/", path("a.txt"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"., a.txt", "., teams/a.txt", "., b\u00fcro/a", "team, a.txt", "team, alice.txt", "team, team/alice", "team/alice, a/b",
        "team/alice, alice", "team, .marks/x"})
    void leadsNowhereElse(final String home, final String path) throws Exception {
        assertThat(directories.isOfAnother(home, path(path))).isFalse();
    }

    @Test
    void knowsWhoCameMeanwhile() throws Exception {
        assertThat(directories.isOfAnother(".", path("carol/a"))).isFalse();
        Files.writeString(file, "carol.directory = carol\nall.directory = .\n");
        clock.pass(Duration.ofSeconds(2));
        assertThat(directories.isOfAnother(".", path("carol/a"))).isTrue();
        assertThat(directories.isOfAnother(".", path("team/a"))).isFalse();
    }

    @Test
    void isClosedWhereNobodyKnows(@TempDir final Path empty) throws Exception {
        final UserDirectories unknown = new UserDirectories(new LiveUsers(empty.resolve("users"), clock), empty, List.of());
        assertThat(unknown.isOfAnother(".", path("a/b"))).isTrue();
        assertThat(unknown.isOfAnother(".", path("b"))).isFalse();
    }

    private static FilePath path(final String text) throws RefusedException {
        return new FileName.Rules(".~tmp", false).path(text, true);
    }
}
