package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.retention.OldFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code prune} of the packaged admin jar. */
class PruneIT {

    @TempDir
    private Path directory;
    private AdminProcess admin;

    @BeforeEach
    void addUsers() throws IOException {
        admin = new AdminProcess(directory);
        Files.writeString(admin.usersFile(), "alice.keep-for = 90 d\nbob.directory = bob\n");
    }

    @Test
    void saysWhatGoesAndWhyAndRemovesIt() throws Exception {
        final List<String> names = OldFiles.nights(directory, "alice", 100, 100);
        OldFiles.nights(directory, "bob", 100, 100);
        assertThat(prune("--dry-run")).isZero();
        assertThat(admin.output()).contains("alice/db.dump: received ", ", 99 newer\n", "alice/" + names.get(9) + ": received ",
                ", 90 newer", "10 files would be removed, ").doesNotContain("bob", names.get(10));
        assertThat(files("alice")).hasSize(100);

        assertThat(prune("--username", "bob")).isZero();
        assertThat(admin.output()).contains("0 files removed, 0 B: all are kept for ever, as there is no keep-for");
        assertThat(prune()).isZero();
        assertThat(admin.output()).contains("alice/db.dump: received ", "10 files removed, ");
        assertThat(files("alice")).containsExactlyInAnyOrderElementsOf(names.subList(10, 100));
        assertThat(prune()).isZero();
        assertThat(admin.output()).contains("0 files removed, 0 B");
        assertThat(prune("--user", "bob", "--keep-for", "50 d", "--keep-at-least", "99")).isZero();
        assertThat(admin.output()).contains("1 file removed, ");
        assertThat(files("bob")).hasSize(99);
    }

    @Test
    void removesNothingAsLongAsTheClockIsDoubtful() throws Exception {
        OldFiles.nights(directory, "alice", 100, 5);
        for (final List<String> option : List.of(List.<String>of(), List.of("--dry-run"), List.of("--dry-run", "--accept-clock"))) {
            assertThat(prune(option.toArray(String[]::new))).isEqualTo(1);
            assertThat(admin.output()).contains("more than a day away from", "run 'dropzone-admin prune --accept-clock'");
            assertThat(files("alice")).hasSize(5);
        }
        assertThat(admin.output()).contains("2 files would be removed");
        assertThat(prune("--accept-clock")).isZero();
        assertThat(admin.output()).contains("2 files removed");
        assertThat(files("alice")).hasSize(3);
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        assertThat(prune()).isEqualTo(1);
        assertThat(admin.output()).contains("There is no journal ", "a server makes it when it is started");
        OldFiles.nights(directory, "alice", 100, 100);
        assertThat(admin.run("", "prune")).isEqualTo(2);
        assertThat(prune("--keep-for", "1 h")).isEqualTo(2);
        assertThat(admin.output()).contains("keep-for: '1 h' is too short");
        assertThat(prune("--username", "carol")).isEqualTo(1);
        assertThat(admin.output()).contains("There is no user carol");
        try (ProcessLock server = ProcessLock.take(directory.resolve(".dropzone/prune.lock")).orElseThrow()) {
            assertThat(prune()).as("%s", server).isEqualTo(1);
            assertThat(admin.output()).contains("try again later");
        }
        assertThat(files("alice")).hasSize(100);
    }

    @Test
    void refusesToWriteIntoTheJournalOfAnotherUser() throws Exception {
        Prerequisite.that("root".equals(System.getProperty("user.name")), "to be root", "nobody else can give files away");
        OldFiles.nights(directory, "alice", 100, 100);
        Files.setOwner(directory.resolve(".dropzone"),
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        assertThat(prune()).isEqualTo(1);
        assertThat(admin.output()).contains("The journal belongs to user daemon: run this as that user");
        assertThat(directory.resolve(".dropzone/journal/2")).doesNotExist();
        assertThat(files("alice")).hasSize(100);
    }

    private int prune(final String... options) throws Exception {
        final List<String> arguments = new ArrayList<>(List.of("prune", "--upload-base-dir", directory.toString()));
        arguments.addAll(List.of(options));
        return admin.run("", arguments.toArray(String[]::new));
    }

    private List<String> files(final String user) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(user))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
