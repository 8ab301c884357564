package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root directory that is no mount of its own, as after {@code chroot}: the table of mounts does not have the box's then. */
class ChrootIT {

    /** Shows all of the machine in a directory, and runs what follows with it as its root. */
    private static final String ENTER = "for each in /*/; do mkdir -p \"$0$each\" && mount --rbind \"$each\" \"$0$each\" || exit; done; "
            + "exec chroot \"$0\" \"$@\"";

    @TempDir
    private Path directory;

    @Test
    void storesWhereTheTableOfMountsSaysNothingOfTheBox() throws Exception {
        Prerequisite.programs("unshare", "mount", "chroot");
        Prerequisite.that(new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0, Prerequisite.MOUNTING,
                "unshare --mount failed");
        final Path root = directory.resolve("root");
        final Path box = Files.createDirectories(root.resolve("box"));
        final Path inside = root.getRoot().resolve("box");
        final Path users = Sender.enter(directory.resolve("users.properties"), inside);

        try (Server server = Server.start(Server.Command.of(Path.of(System.getProperty("dropzone.server.jar")),
                directory.resolve("log"), "--upload-base-dir", inside.toString(), "--users-file", users.toString(),
                "--free-space-reserve", "1 KiB").briefly().after("unshare", "--mount", "sh", "-c", ENTER, root.toString()))) {
            assertThat(Scene.upload(server, "small", new byte[10]).status()).isEqualTo(200);
            assertThat(Scene.upload(server, "large", new byte[8 << 20]).status()).isEqualTo(200);
        }

        assertThat(box.resolve("small")).hasSize(10);
        assertThat(box.resolve("large")).hasSize(8 << 20);
    }
}
