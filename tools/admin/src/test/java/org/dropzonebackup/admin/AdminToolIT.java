package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished admin jar as a process of its own. */
class AdminToolIT {

    @TempDir
    private Path directory;

    @Test
    void addsAUserToANewFileThatOthersCannotRead() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "Alice", "--quota", "5 GB", "--password-stdin")).isZero();

        assertThat(users()).contains("alice.password = $argon2id$").contains("alice.quota = 5 GB");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }

    @Test
    void keepsCommentsAndWhatIsNotNamed() throws Exception {
        Files.writeString(file(), "# ours\n\nalice.directory = \\\n   laptops/alice\n! end");

        assertThat(run("", "moduser", "--username", "alice", "--disable")).isZero();

        assertThat(users()).isEqualTo("# ours\n\nalice.directory = \\\n   laptops/alice\nalice.enabled = false\n! end");
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        assertThat(run("short\n", "adduser", "--username", "alice", "--password-stdin")).isEqualTo(1);
        assertThat(run("", "deluser", "--username", "alice")).isEqualTo(1);
        assertThat(run("", "conquer")).isEqualTo(2);
        assertThat(run("", "adduser", "--username", "alice", "--colour", "red")).isEqualTo(2);
        assertThat(file()).doesNotExist();
    }

    @Test
    void importsUsersOfTheOriginalAndNamesTheOthers() throws Exception {
        final String hash = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGFndGFndGFndGFndGFndGFn";
        Files.writeString(directory.resolve("passwd"), "# original\nBob:boxes/bob:W:" + hash + "\n_eve:x:W:" + hash + "\n");

        assertThat(run("", "import", "--passwd", directory.resolve("passwd").toString())).isEqualTo(1);

        assertThat(users()).contains("bob.password = " + hash).contains("bob.directory = boxes/bob").doesNotContain("eve");
        assertThat(Files.readString(directory.resolve("output"))).contains("_eve");
    }

    @Test
    void losesNoneOfTwoEditsAtOnce() throws Exception {
        Files.writeString(file(), "");
        final List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            processes.add(start("secret77\n", "adduser", "--username", "user" + i, "--password-stdin"));
        }
        for (final Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(users().lines()).hasSize(6);
    }

    private int run(final String input, final String... arguments) throws IOException, InterruptedException {
        return start(input, arguments).waitFor();
    }

    private Process start(final String input, final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-jar", System.getProperty("dropzone.admin.jar")));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--users-file", file().toString()));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile()).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    private Path file() {
        return directory.resolve("users.properties");
    }

    private String users() throws IOException {
        return Files.readString(file());
    }
}
