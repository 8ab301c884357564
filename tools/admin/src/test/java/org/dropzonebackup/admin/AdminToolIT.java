package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;
import org.dropzonebackup.core.store.local.LocalStore;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the packaged admin jar as a process. */
class AdminToolIT {

    @TempDir
    private Path directory;
    private AdminProcess admin;

    @BeforeEach
    void useTheDirectory() {
        admin = new AdminProcess(directory);
    }

    @Test
    void addsAUserToANewFileThatOnlyItsOwnerCanRead() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "Alice", "--quota", "5 GB", "--password-stdin")).isZero();

        assertThat(users()).contains("alice.password = $argon2id$").contains("alice.quota = 5 GB");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }

    @Test
    void setsTheMinimumFileSizeOfAUser() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "alice", "--min-file-size", "1 KiB", "--password-stdin")).isZero();
        assertThat(users()).contains("alice.min-file-size = 1 KiB");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("minFileSize", 1024).containsEntry("quota", null);
        assertThat(run("", "listusers")).isZero();
        assertThat(output()).contains("no quota", "from 1 KiB");

        assertThat(run("", "moduser", "--username", "alice", "--min-file-size", "few")).isEqualTo(2);
        assertThat(output()).contains("--min-file-size: 'few' is not a size");
        assertThat(run("", "moduser", "--username", "alice", "--min-file-size", "none")).isZero();
        assertThat(users()).doesNotContain("min-file-size");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("minFileSize", null);
    }

    @Test
    void setsHowOftenAFileIsExpected() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "alice", "--expect-every", "1d", "--expect-min-size", "1 MiB",
                "--password-stdin")).isZero();
        assertThat(users()).contains("alice.expect-every = 1d", "alice.expect-min-size = 1 MiB");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("expectEverySeconds", 86_400)
                .containsEntry("expectGraceSeconds", 21_600).containsEntry("expectMinSize", 1 << 20);
        assertThat(run("", "listusers")).isZero();
        assertThat(output()).contains("every 1 d");
        assertThat(run("", "moduser", "--username", "alice", "--expect-every", "9 s")).isEqualTo(2);
        assertThat(output()).contains("--expect-every: '9 s' is too short to expect a file in: 10 s or more");
        assertThat(run("", "moduser", "--username", "alice", "--expect-every", "none", "--expect-min-size", "none")).isZero();
        assertThat(users()).doesNotContain("expect");
    }

    @Test
    void setsHowLongTheFilesOfAUserAreKept() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "alice", "--keep-for", "90d", "--keep-at-least", "5",
                "--password-stdin")).isZero();
        assertThat(users()).contains("alice.keep-for = 90d", "alice.keep-at-least = 5");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("keepForSeconds", 90 * 86_400)
                .containsEntry("keepAtLeast", 5);
        assertThat(run("", "listusers")).isZero();
        assertThat(output()).contains("kept for 90 d, at least 5");

        assertThat(run("", "moduser", "--username", "alice", "--keep-for", "1 h")).isEqualTo(2);
        assertThat(output()).contains("--keep-for: '1 h' is too short to keep a file for: 1 d or more");
        assertThat(run("", "moduser", "--username", "alice", "--keep-at-least", "few")).isEqualTo(2);
        assertThat(output()).contains("--keep-at-least: 'few' is not a number");
        assertThat(run("", "moduser", "--username", "alice", "--keep-for", "none", "--keep-at-least", "none")).isZero();
        assertThat(users()).doesNotContain("keep-");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("keepForSeconds", null)
                .containsEntry("keepAtLeast", null);
    }

    @Test
    void setsWhatBecomesOfAnUploadWhoseNameIsTaken() throws Exception {
        assertThat(run("secret77\n", "adduser", "--username", "alice", "--existing", "keep", "--password-stdin")).isZero();
        assertThat(users()).contains("alice.existing = keep");
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("existing", "keep");
        assertThat(run("", "listusers")).isZero();
        assertThat(output()).contains("existing: keep");

        assertThat(run("", "moduser", "--username", "alice", "--existing", "overwrite")).isEqualTo(2);
        assertThat(output()).contains("--existing: 'overwrite' is neither refuse, keep nor replace");
        assertThat(users()).contains("alice.existing = keep");
        for (final String nothing : List.of("", "none")) {
            assertThat(run("", "moduser", "--username", "alice", "--existing", "replace")).isZero();
            assertThat(users()).contains("alice.existing = replace");
            assertThat(run("", "moduser", "--username", "alice", "--existing", nothing)).isZero();
            assertThat(users()).doesNotContain("existing");
        }
        assertThat(run("", "listusers", "--json")).isZero();
        assertThat(new JSONArray(output()).getJSONObject(0).toMap()).containsEntry("existing", null);

        Files.writeString(file(), "bob.existing = sometimes\n");
        assertThat(run("", "check")).isEqualTo(1);
        assertThat(output()).contains("line 1: user bob: 'sometimes' is neither refuse, keep nor replace");
    }

    @Test
    void keepsCommentsAndOtherFields() throws Exception {
        Files.writeString(file(), "# ours\n\nalice.directory = \\\n   laptops/alice\n! end");

        assertThat(run("", "moduser", "--username", "alice", "--disable")).isZero();

        assertThat(users()).isEqualTo("# ours\n\nalice.directory = \\\n   laptops/alice\nalice.enabled = false\n! end");
    }

    @Test
    void refusesWrongCommandsOptionsAndPasswords() throws Exception {
        assertThat(run("short\n", "adduser", "--username", "alice", "--password-stdin")).isEqualTo(1);
        assertThat(run("", "deluser", "--username", "alice")).isEqualTo(1);
        assertThat(run("", "conquer")).isEqualTo(2);
        assertThat(run("", "adduser", "--username", "alice", "--colour", "red")).isEqualTo(2);
        assertThat(file()).doesNotExist();
    }

    @Test
    void refusesOptionsOfOtherCommands() throws Exception {
        Files.writeString(file(), "alice.directory = a\n");

        assertThat(run("", "moduser", "--username", "alice", "--disable", "--password", "secret77")).isEqualTo(2);
        assertThat(output()).hasLineCount(1).contains("moduser has no option --password: it is one of adduser, passwd");
        assertThat(run("secret77\n", "passwd", "-u", "alice", "--password-stdin", "--quota", "5GB")).isEqualTo(2);
        assertThat(run("", "deluser", "--username", "alice", "--json")).isEqualTo(2);
        assertThat(run("", "listusers", "--username", "alice")).isEqualTo(2);
        assertThat(users()).isEqualTo("alice.directory = a\n");
    }

    @Test
    void printsHelpForAllCommandsAndForOne() throws Exception {
        for (final String all : List.of("--help", "help", "-h")) {
            assertThat(run("", all)).isZero();
            assertThat(output()).startsWith("usage: ").contains("adduser --username U", "adds a user", "deluploads ID...", "--older-than");
        }
        for (final String one : List.of("moduser --help", "help moduser", "moduser help")) {
            assertThat(run("", one.split(" "))).isZero();
            assertThat(output()).contains("moduser --username U", "changes the given fields", "--disable", "--users-file")
                    .doesNotContain("adduser", "--password");
        }
        assertThat(run("", "help", "conquer")).isEqualTo(2);
        assertThat(output()).contains("There is no command 'conquer'");
    }

    @Test
    void printsItsVersion() throws Exception {
        for (final String version : List.of("--version", "-V")) {
            assertThat(run("", version)).isZero();
            assertThat(output()).matches("dropzone-admin \\S+\\R").doesNotContain("null");
        }
    }

    @Test
    void aDirectoryReadsBackAsItWasGiven() throws Exception {
        for (final String prefix : List.of(" lead", "trail ", "=sign", ":colon", "#comment", "back\\slash\\")) {
            assertThat(run("secret77\n", "adduser", "--username", "alice", "--update", "--password-stdin", "--prefix", prefix))
                    .isZero();
            assertThat(run("", "listusers", "--json")).isZero();
            assertThat(new JSONArray(output()).getJSONObject(0).getString("directory")).isEqualTo(prefix);
        }
    }

    @Test
    void importsUsersOfTheOriginalServerAndListsTheRejected() throws Exception {
        final String hash = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGFndGFndGFndGFndGFndGFn";
        Files.writeString(directory.resolve("passwd"), "# original\nBob:boxes/bob:W:" + hash + "\n_eve:x:W:" + hash + "\n");

        assertThat(run("", "import", "--passwd", directory.resolve("passwd").toString())).isEqualTo(1);

        assertThat(users()).contains("bob.password = " + hash).contains("bob.directory = boxes/bob").doesNotContain("eve");
        assertThat(output()).contains("_eve");
    }

    @Test
    void importsNoUserWithAnInvalidDirectory() throws Exception {
        final String hash = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGFndGFndGFndGFndGFndGFn";
        Files.writeString(file(), "carl.directory = c\n");
        Files.writeString(directory.resolve("passwd"), "up:../x:W:" + hash + "\ncarl:a/..:W:" + hash + "\nbob:b:W:" + hash + "\n");

        assertThat(run("", "import", "--update", "--passwd", directory.resolve("passwd").toString())).isEqualTo(1);

        assertThat(output()).contains("not imported: user up: ", "not imported: user carl: ");
        assertThat(users()).isEqualTo("carl.directory = c\nbob.password = " + hash + "\nbob.directory = b\nbob.permissions = W\n");
    }

    @Test
    void listsHashesThatCannotBeVerified() throws Exception {
        final String tail = ",t=2,p=8$c2FsdHNhbHQ$dGFndGFndGFndGFn\n";
        Files.writeString(file(), "large.password = $argon2id$v=19$m=262144" + tail
                + "usual.password = $argon2id$v=19$m=102400" + tail
                + "short.password = $argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHRzYWx0c2Fsd$dGFndGFndGFndGFn\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));

        assertThat(run("", "check")).isEqualTo(1);
        assertThat(output()).contains("user large: ", "272 MiB", "-Xmx256m", "-Xmx578m", "line 3: user short: ", "salt is not whole base64")
                .doesNotContain("usual").hasLineCount(2);
        assertThat(run("", "check", "--server-memory", "578MiB")).isEqualTo(1);
        assertThat(output()).contains("short").doesNotContain("large", "usual");
        assertThat(run("", "check", "--server-memory", "128 MiB")).isEqualTo(1);
        assertThat(output()).contains("large", "usual");
        assertThat(run("", "check", "--server-memory", "much")).isEqualTo(2);
        assertThat(output()).contains("--server-memory: 'much' is not a size");
    }

    @Test
    void losesNoneOfSeveralConcurrentEdits() throws Exception {
        // Such permissions, as the lock of a new file first gets others
        Files.writeString(file(), "");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        final List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            processes.add(admin.start("secret77\n", "adduser", "--username", "user" + i, "--password-stdin"));
        }
        for (final Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(users().lines()).hasSize(6);
    }

    @Test
    void listsAndRemovesUploadsExceptThoseInUse() throws Exception {
        Files.writeString(file(), "alice.directory = alice\nbob.directory = alice\n");
        Files.writeString(Files.createDirectory(directory.resolve("alice")).resolve("published"), "stays");
        Files.writeString(Files.createDirectories(directory.resolve("alice/a/b")).resolve("also published"), "stays");
        final Directory box = new LocalStore(directory, ".~tmp", false, true, Runnable::run).open("alice");
        final UploadId idle = box.create(begun("idle.bin"));
        final UploadId busy = box.create(begun("busy.bin"));
        final String base = directory.toString();

        assertThat(run("", "listuploads")).as("relative directories").isEqualTo(2);
        assertThat(run("", "listuploads", "--json", "--upload-base-dir", base)).isZero();
        final JSONArray listed = new JSONArray(output());
        assertThat(listed).extracting(upload -> ((JSONObject) upload).getString("id"))
                .containsExactlyInAnyOrder(idle.toString(), busy.toString());
        assertThat(listed).allSatisfy(upload -> assertThat(((JSONObject) upload).toMap())
                .containsEntry("username", "alice").containsEntry("length", 1000).containsEntry("offset", 0)
                .containsEntry("complete", false));

        assertThat(run("", "deluploads", "--upload-base-dir", base)).isEqualTo(2);
        assertThat(run("", "deluploads", "--older-than", "1d", "--upload-base-dir", base)).isZero();
        assertThat(box.uploads()).hasSize(2);
        try (PendingUpload upload = box.resume(busy, OptionalLong.empty()).orElseThrow()) {
            assertThat(run("", "deluploads", "--all", "--upload-base-dir", base)).isEqualTo(1);
            assertThat(output()).contains(busy.toString()).contains("1 upload removed");
            assertThat(box.look(busy)).map(UploadRecord::state).contains(upload.state());
        }
        assertThat(run("", "deluploads", idle.toString(), busy.toString(), "--upload-base-dir", base)).as("one is gone")
                .isEqualTo(1);
        assertThat(directory.resolve("alice/a/b/also published")).hasContent("stays");
        assertThat(box.usage()).isEqualTo(2 * "stays".length());
        assertThat(run("", "listusers")).isZero();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        assertThat(run("", "check", "--upload-base-dir", base)).isZero();
        try (Stream<Path> left = Files.list(directory.resolve("alice"))) {
            assertThat(left).containsExactlyInAnyOrder(directory.resolve("alice/published"), directory.resolve("alice/a"));
        }
    }

    @Test
    void doesNotTakeTheFileAwayFromItsOwner() throws Exception {
        Prerequisite.that("root".equals(System.getProperty("user.name")), "to be root", "nobody else can give files away");
        final String before = "alice.directory = a\n";
        Files.writeString(file(), before);
        Files.setOwner(file(), file().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        final Path jar = Files.copy(Path.of(System.getProperty("dropzone.admin.jar")), directory.resolve("admin.jar"));

        final Process process = new ProcessBuilder("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString(), "moduser",
                "--username", "alice", "--disable", "--users-file", file().toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile()).start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output()).hasLineCount(1).contains("belongs to user daemon", "as user daemon or as root");
        assertThat(users()).isEqualTo(before);
        assertThat(Files.getOwner(file()).getName()).isEqualTo("daemon");
    }

    private static UploadState begun(final String name) {
        return new UploadState(0, OptionalLong.of(1000), false,
                Map.of("owner", "alice", "protocol", "tus", "name", name, "created", "2026-11-25T02:17:00Z"));
    }

    private int run(final String input, final String... arguments) throws IOException, InterruptedException {
        return admin.run(input, arguments);
    }

    private Path file() {
        return admin.usersFile();
    }

    private String output() throws IOException {
        return admin.output();
    }

    private String users() throws IOException {
        return Files.readString(file());
    }
}
