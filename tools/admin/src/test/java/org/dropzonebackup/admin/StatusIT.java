package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.json.JSONArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code status} of the packaged admin jar. */
class StatusIT {

    @TempDir
    private Path directory;
    private Path base;
    private AdminProcess admin;

    @BeforeEach
    void sendFiles() throws Exception {
        admin = new AdminProcess(directory);
        base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(admin.usersFile(), "alice.expect-every = 1 d\nalice.quota = 1 GiB\nbob.directory = bob\ncarol.expect-every = 1 h\n");
        store("alice", "nightly/db.dump", Duration.ofHours(1));
        store("bob", "名前.txt", Duration.ofDays(40));
    }

    private void store(final String user, final String path, final Duration ago) throws IOException {
        final Path file = base.resolve(user).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "content");
        try (Journal journal = new Journal(base.resolve(".dropzone/journal"), false, Clock.offset(Clock.systemUTC(), ago.negated()),
                System::nanoTime)) {
            journal.append(List.of(new Entry(Event.STORED, Optional.of(user),
                    new FileFacts(user, path, 7, "0".repeat(64), Optional.empty()), Optional.empty())));
        }
    }

    private int status(final String... options) throws Exception {
        final List<String> command = new ArrayList<>(List.of("status", "--upload-base-dir", base.toString()));
        command.addAll(List.of(options));
        return admin.run("", command.toArray(String[]::new));
    }

    @Test
    void showsATableAndSays0IfNobodyIsLate() throws Exception {
        assertThat(status()).isZero();
        assertThat(admin.output().lines()).satisfiesExactly(
                line -> assertThat(line).matches("USER   LAST FILE        WHEN                  SIZE  FILES  USED          STATE"),
                line -> assertThat(line).matches("alice  nightly/db\\.dump  \\S{10} \\S{5} UTC  7 B   1      7 B of 1 GiB  on time"),
                line -> assertThat(line).matches("bob    名前\\.txt           \\S{10} \\S{5} UTC  7 B   1      7 B"),
                line -> assertThat(line).matches("carol  none                                         0      0 B           new"));
    }

    @Test
    void says1IfSomebodyIsLateAnd2IfTheGraceIsOver() throws Exception {
        Files.writeString(admin.usersFile(), "alice.expect-every = 50 min\nalice.expect-grace = 1 h\nbob.quota = 9\n");
        assertThat(status()).isEqualTo(1);
        assertThat(admin.output().lines()).last().isEqualTo("late: alice");
        Files.writeString(admin.usersFile(), "alice.expect-every = 50 min\nalice.expect-grace = 1 h\nbob.expect-every = 30 d\n");
        assertThat(status()).isEqualTo(2);
        assertThat(admin.output().lines()).last().isEqualTo("down: bob");
        assertThat(status("--user", "alice")).isEqualTo(1);
        assertThat(status("--user", "nobody")).isEqualTo(1);
        assertThat(admin.output()).contains("There is no user nobody");
    }

    @Test
    void tellsTheSameAsJson() throws Exception {
        assertThat(status("--json", "--user", "Alice")).isZero();
        final Map<String, Object> alice = new JSONArray(admin.output()).getJSONObject(0).toMap();
        assertThat(alice).containsEntry("username", "alice").containsEntry("state", "on time").containsEntry("files", 1)
                .containsEntry("bytes", 7).containsEntry("quota", 1 << 30).containsKey("lastFile");
        assertThat(status("--json")).isZero();
        assertThat(new JSONArray(admin.output()).getJSONObject(1).getJSONObject("lastFile").toMap())
                .containsEntry("path", "名前.txt").containsEntry("size", 7).containsKey("storedAt");
        assertThat(new JSONArray(admin.output()).getJSONObject(2).toMap()).containsEntry("lastFile", null).containsEntry("state", "new")
                .containsEntry("quota", null);
    }

    @Test
    void refusesToGuessWithoutAJournal() throws Exception {
        final Path other = Files.createDirectory(directory.resolve("other"));
        assertThat(admin.run("", "status", "--upload-base-dir", other.toString())).isEqualTo(1);
        assertThat(admin.output()).contains("There is no journal ");
        assertThat(other).isEmptyDirectory();
    }
}
