package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the packaged admin jar creates the directories of new users, or says what to do. */
class UserDirectoriesIT {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final String HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGFndGFndGFndGFndGFndGFn";

    @TempDir
    private Path directory;
    private AdminProcess admin;
    private Path base;

    @BeforeEach
    void createBase() throws IOException {
        admin = new AdminProcess(directory);
        base = Files.createDirectory(directory.resolve("base"));
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (ROOT) {
            Files.setOwner(base, base.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"option", "environment", "settings file", "settings file by environment"})
    void createsTheDirectoryHoweverTheBaseDirectoryIsGiven(final String where) throws Exception {
        final Path settings = Files.writeString(directory.resolve("settings"), "upload-base-dir = " + base + "\nfsync = false\n");
        final List<String> command = new ArrayList<>(List.of("adduser", "--username", "Bob", "--password-stdin"));
        Map<String, String> environment = Map.of();
        switch (where) {
            case "option" -> command.addAll(List.of("--upload-base-dir", base.toString()));
            case "settings file" -> command.addAll(List.of("--config", settings.toString()));
            case "environment" -> environment = Map.of("DROPZONE_UPLOAD_BASE_DIR", base.toString());
            default -> environment = Map.of("DROPZONE_CONFIG", settings.toString());
        }

        assertThat(admin.run("secret77\n".getBytes(), environment, command.toArray(String[]::new))).as(admin.output()).isZero();

        assertThat(admin.output()).hasLineCount(1).contains("The directory " + base.resolve("bob") + " was created");
        assertCreated("bob");
    }

    @Test
    void createsParentsAndDirectoriesOfMovedAndImportedUsers() throws Exception {
        final Path passwd = Files.writeString(directory.resolve("passwd"), "carl:boxes/carl:W:" + HASH + "\ndora::W:" + HASH + "\n");

        assertThat(run("adduser", "--username", "bob", "--prefix", "laptops/bob", "--quota", "5GiB", "--password-stdin")).isZero();
        assertCreated("laptops");
        assertCreated("laptops/bob");
        assertThat(run("moduser", "--username", "bob", "--prefix", "servers")).isZero();
        assertCreated("servers");
        assertThat(run("import", "--passwd", passwd.toString())).isZero();
        assertCreated("boxes/carl");
        assertThat(run("check")).isZero();
        assertThat(admin.output()).isEqualToIgnoringNewLines("3 users, nothing wrong");
        assertThat(run("adduser", "--username", "bob", "--update", "--password-stdin")).isZero();
        assertThat(base.resolve("bob")).as("not the one of a user who has another").doesNotExist();
    }

    @Test
    void saysWhatToDoIfTheBaseDirectoryIsNotKnown() throws Exception {
        assertThat(admin.run("secret77\n", "adduser", "--username", "bob", "--password-stdin")).isZero();
        assertThat(admin.output()).contains("Give --upload-base-dir", "mkdir UPLOAD_BASE_DIR/bob");

        assertThat(admin.run("secret77\n", "adduser", "--username", "carl", "--prefix", base.toString(), "--password-stdin")).isZero();
        assertThat(admin.output()).as("there is one").isEmpty();
    }

    @Test
    void addsNoUserWhoseDirectoryCannotBeCreated() throws Exception {
        Files.createFile(base.resolve("bob"));
        assertThat(run("adduser", "--username", "bob", "--password-stdin")).isEqualTo(1);
        assertThat(admin.output()).hasLineCount(1).contains("cannot be created", base.resolve("bob").toString())
                .doesNotContain("Exception");

        base = directory.resolve("none");
        assertThat(run("adduser", "--username", "bob", "--password-stdin")).isEqualTo(1);
        assertThat(admin.output()).hasLineCount(1).contains("There is no directory " + base);
        assertThat(admin.usersFile()).doesNotExist();
    }

    @Test
    void printsTheCommandIfItMayNotCreateTheDirectory() throws Exception {
        Prerequisite.that(ROOT, "to be root", "nobody else can be somebody else");
        Files.setOwner(base, base.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        final Path jar = Files.copy(Path.of(System.getProperty("dropzone.admin.jar")), directory.resolve("admin.jar"));
        final Process process = new ProcessBuilder("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString(), "adduser", "-u", "bob",
                "--password", "secret77", "--users-file", admin.usersFile().toString(), "--upload-base-dir", base.toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile()).start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(admin.output()).contains("install -d -m 750 -o daemon -g root " + base.resolve("bob"));
        assertThat(base.resolve("bob")).doesNotExist();
        assertThat(admin.usersFile()).doesNotExist();
    }

    /** Runs the line of the README that adds bob, with the paths of this test. */
    @Test
    void theCommandInTheReadmeCreatesADirectory() throws Exception {
        final String readme = Files.readString(Path.of("..", "..", "README.md"));
        final Matcher line = Pattern.compile("(?m)^java -jar \\S+dropzone-admin.jar (adduser .*--username bob.*)$").matcher(readme);
        assertThat(line.find()).isTrue();
        final List<String> command = new ArrayList<>(List.of(line.group(1)
                .replaceAll("--users-file \\S+ ?", "").replace("target/uploads", base.toString()).split(" ")));
        command.add("--password-stdin");

        assertThat(admin.run("secret77\n", command.toArray(String[]::new))).as(admin.output()).isZero();
        assertCreated("bob");
    }

    private int run(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--upload-base-dir", base.toString()));
        return admin.run("secret77\n", command.toArray(String[]::new));
    }

    private void assertCreated(final String name) throws IOException {
        assertThat(base.resolve(name)).isDirectory();
        assertThat(Files.getOwner(base.resolve(name))).isEqualTo(Files.getOwner(base));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve(name)))).isEqualTo("rwxr-x---");
    }
}
