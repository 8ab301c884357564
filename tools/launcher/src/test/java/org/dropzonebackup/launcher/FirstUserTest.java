package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstUserTest {

    @TempDir
    private Path directory;

    @Test
    void rootMakesEverythingForTheOwnerOfWhatItLiesIn() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
        final Path srv = Files.createDirectory(directory.resolve("srv"));
        Files.setOwner(srv, srv.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertThat(FirstUser.setUp("alice", srv.resolve("conf/users"), srv.resolve("uploads"))).isPresent();

        for (final String made : List.of("conf", "conf/users", "conf/users.lock", "uploads", "uploads/alice")) {
            assertThat(Files.getOwner(srv.resolve(made)).getName()).as(made).isEqualTo("nobody");
        }
    }

    @Test
    void leavesAUsersFileAlone() throws Exception {
        Files.writeString(directory.resolve("users"), "bob.directory = b\n");

        assertThat(FirstUser.setUp("alice", directory.resolve("users"), directory.resolve("uploads"))).isEmpty();
        assertThat(directory.resolve("users")).hasContent("bob.directory = b\n");
    }
}
