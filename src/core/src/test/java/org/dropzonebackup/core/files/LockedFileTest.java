package org.dropzonebackup.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockedFileTest {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw----", "r--------"})
    void keepsOwnerGroupAndPermissionsAndGivesThemToTheLock(final String permissions) throws Exception {
        Prerequisite.that(ROOT, "to be root", "nobody else can give files away");
        final Path file = Files.writeString(directory.resolve("users"), "old");
        belongsTo("nobody", "daemon", file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Files.createFile(directory.resolve("users.lock"));

        edit(file, "new");

        assertThat(file).hasContent("new");
        assertThat(stateOf(file)).isEqualTo("nobody daemon " + permissions);
        assertThat(stateOf(directory.resolve("users.lock"))).isEqualTo("nobody daemon rw" + permissions.substring(2));
        assertThat(names()).containsExactlyInAnyOrder("users", "users.lock");
    }

    @Test
    void aNewFileBelongsToTheOwnerOfItsDirectory() throws Exception {
        Prerequisite.that(ROOT, "to be root", "nobody else can give files away");
        belongsTo("nobody", "daemon", directory);

        edit(directory.resolve("users"), "new");

        assertThat(stateOf(directory.resolve("users"))).isEqualTo("nobody daemon rw-------");
        assertThat(stateOf(directory.resolve("users.lock"))).isEqualTo("nobody daemon rw-------");
    }

    @Test
    void keepsTheAccessControlList() throws Exception {
        final Path file = Files.writeString(directory.resolve("users"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Prerequisite.programs("setfacl");
        Prerequisite.that(new ProcessBuilder("setfacl", "-m", "u:1:r", "users").directory(directory.toFile()).start().waitFor() == 0,
                "a file system with access control lists", "setfacl failed");
        final String before = accessControlListOf(file);

        edit(file, "new");

        assertThat(accessControlListOf(file)).isEqualTo(before).contains("user:1:r--");
    }

    @Test
    void createsAFileThatOthersCannotRead() throws Exception {
        edit(directory.resolve("users"), "new");

        assertThat(stateOf(directory.resolve("users"))).endsWith(" rw-------");
        assertThat(stateOf(directory.resolve("users.lock"))).endsWith(" rw-------");
    }

    @Test
    void editsTheTargetOfALinkButNeverLocksThroughOne() throws Exception {
        final Path file = Files.writeString(Files.createDirectory(directory.resolve("real")).resolve("users"), "old");
        final Path link = Files.createSymbolicLink(directory.resolve("users"), file);
        edit(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");

        Files.delete(directory.resolve("real/users.lock"));
        Files.createSymbolicLink(directory.resolve("real/users.lock"), directory.resolve("elsewhere"));
        assertThatThrownBy(() -> edit(link, "newer")).isInstanceOf(IOException.class);
        assertThat(directory.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void explainsThatAMountPointCannotBeReplaced() throws Exception {
        final Path file = Files.writeString(directory.resolve("the users"), "old");
        Prerequisite.programs("mount");
        Prerequisite.that(new ProcessBuilder("mount", "--bind", file.toString(), file.toString()).start().waitFor() == 0,
                Prerequisite.MOUNTING, "mount --bind failed");
        try {
            assertThatThrownBy(() -> edit(file, "new")).isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("mounted by itself").hasMessageContaining("mount the directory");
            assertThat(file).hasContent("old");
            assertThat(names()).containsExactlyInAnyOrder("the users", "the users.lock");
        } finally {
            new ProcessBuilder("umount", file.toString()).start().waitFor();
        }
    }

    @Test
    void createsDirectoriesForTheOwnerOfAnother() throws Exception {
        Prerequisite.that(ROOT, "to be root", "nobody else can give files away");
        final Path base = Files.createDirectory(directory.resolve("base"));
        belongsTo("nobody", "daemon", base);
        Files.setAttribute(base, "unix:mode", 02775);

        Ownership.createDirectories(base.resolve("a/b"), base);

        assertThat(stateOf(base.resolve("a"))).isEqualTo("nobody daemon rwxrwx---");
        assertThat(stateOf(base.resolve("a/b"))).isEqualTo("nobody daemon rwxrwx---");
        assertThat((Integer) Files.getAttribute(base.resolve("a/b"), "unix:mode") & 07777).isEqualTo(02770);
    }

    private static void edit(final Path file, final String text) throws IOException {
        try (LockedFile locked = LockedFile.open(file)) {
            locked.replace(text);
        }
    }

    private static void belongsTo(final String owner, final String group, final Path file) throws IOException {
        final UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(file, names.lookupPrincipalByName(owner));
        Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(names.lookupPrincipalByGroupName(group));
    }

    private static String stateOf(final Path file) throws IOException {
        final PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        return attributes.owner().getName() + " " + attributes.group().getName() + " "
                + PosixFilePermissions.toString(attributes.permissions());
    }

    private static String accessControlListOf(final Path file) throws IOException {
        final Process process = new ProcessBuilder("getfacl", "-npE", file.toString()).start();
        return new String(process.getInputStream().readAllBytes());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
