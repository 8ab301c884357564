package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each call on which durability rests fails once: nothing of the upload is visible, nothing leaks, the next one is well. */
class FailingCallsIT {

    private static final String RENAMES = "link,linkat,rename,renameat,renameat2";

    @TempDir
    private static Path directory;
    private static Scene scene;
    @AutoClose
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        Prerequisite.programs("strace");
        scene = Scene.in(directory);
        server = Server.start(scene.command("--overwrite"));
    }

    @BeforeEach
    void onlyTheOldFile() throws IOException {
        scene.empty();
        Files.writeString(scene.box().resolve("old"), "old");
    }

    /** The first sync is that of the file, the second that of its directory. */
    @ParameterizedTest
    @CsvSource({"fsync:error=EIO:when=1, 500", "fsync:error=EIO:when=2, 500", "fsync:error=ENOSPC:when=1, 507",
        "fsync:error=ENOSPC:when=2, 507", "fsync:error=EDQUOT:when=1, 507", "fsync:error=EDQUOT:when=2, 507",
        "fsync:error=EROFS:when=1, 500", "RENAMES:error=EIO, 500", "RENAMES:error=ENOSPC, 507", "RENAMES:error=EDQUOT, 507",
        "RENAMES:error=EROFS, 500", "'link,linkat:error=EIO', 500", "RENAMES:error=ESTALE, 503", "RENAMES:error=ENOTCONN, 503",
        "fsync:error=ESTALE:when=1, 503", "fsync:error=ENOTCONN:when=2, 503"})
    void nothingIsVisibleAndNothingLeaks(final String what, final int status) throws Exception {
        try (Injection injection = Injection.into(server, what.replace("RENAMES", RENAMES))) {
            assertThat(upload("new")).as("new file, %s", injection).isEqualTo(status);
        }
        assertThat(scene.names()).containsExactly("old");
        try (Injection injection = Injection.into(server, what.replace("RENAMES", RENAMES))) {
            assertThat(upload("old")).as("replacing, %s", injection).isEqualTo(status);
        }
        assertThat(scene.names()).containsExactly("old");
        assertThat(scene.box().resolve("old")).hasContent("old");

        assertThat(upload("new")).isEqualTo(200);
        assertThat(upload("old")).isEqualTo(200);
        assertThat(scene.names()).containsExactly("new", "old");
        assertThat(scene.box().resolve("old")).hasContent("content");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "EOPNOTSUPP", "ENOSYS"})
    void isRenamedWhereThereAreNoHardLinks(final String fault) throws Exception {
        try (Injection injection = Injection.into(server, "link,linkat:error=" + fault)) {
            assertThat(upload("new")).as("%s", injection).isEqualTo(200);
        }
        assertThat(scene.names()).containsExactly("new", "old");
    }

    /** What cannot be removed carries the suffix of staging files, and is tried again soon. */
    @ParameterizedTest
    @ValueSource(strings = {"new", "old"})
    void leftoversThatCannotBeRemovedDoNotUndoWhatIsDone(final String name) throws Exception {
        try (Injection injection = Injection.into(server, "unlink,unlinkat:error=EIO")) {
            assertThat(upload(name)).as("%s", injection).isEqualTo(200);
            // The staging name, and if a file is replaced its second name
            assertThat(scene.names()).filteredOn(one -> !Set.of("new", "old").contains(one))
                    .hasSize(name.equals("new") ? 1 : 2).allMatch(leftover -> leftover.endsWith(".~tmp"));
        }
        assertThat(scene.box().resolve(name)).hasContent("content");
        assertThat(Scene.eventually(() -> Set.of("new", "old").containsAll(scene.names()))).isTrue();
    }

    @Test
    void whatCannotBeRemovedAfterAFailureIsTriedAgainSoon() throws Exception {
        try (Injection injection = Injection.into(server, "fsync,unlink,unlinkat:error=EDQUOT")) {
            assertThat(upload("new")).as("%s", injection).isEqualTo(507);
            assertThat(scene.names()).hasSize(2);
        }
        assertThat(Scene.eventually(() -> scene.names().equals(List.of("old")))).isTrue();
    }

    /** Of a file that the device does not give. */
    @Test
    void oneUnreadableEntryKeepsNobodyWithAQuotaFromUploading() throws Exception {
        final Path bad = Files.writeString(scene.box().resolve("bad"), "bad");
        try (Injection injection = Injection.into(server, "newfstatat,statx,lstat,stat:error=EIO", bad)) {
            for (int i = 0; i < 3; i++) {
                try (Exchange exchange = new Exchange(server)) {
                    exchange.send("POST /files/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n"
                            + "Upload-Length: 1\r\n" + Tus.named("a" + i) + "\r\n\r\n");
                    assertThat(exchange.answer().status()).as("%s", injection).isEqualTo(201);
                }
            }
        }
        assertThat(Scene.count(server.log(), bad + " cannot be read: Input/output error")).isEqualTo(1);
    }

    @Test
    void writeThatFailsUnderWayLeavesNothing(@TempDir final Path other) throws Exception {
        final Scene limited = Scene.in(other);
        // Blocks of 512 bytes; beyond them, write says that the file is too large
        final Server.Command command = limited.command().after("/bin/sh", "-c", "ulimit -f 32768; exec \"$0\" \"$@\"");
        try (Server unable = Server.start(command)) {
            for (int i = 0; i < 5; i++) {
                assertThat(Scene.upload(unable, "big", new byte[17 << 20]).status()).isEqualTo(500);
            }
            assertThat(limited.names()).isEmpty();
            assertThat(Scene.count(unable.log(), "File too large")).isEqualTo(1);
            assertThat(Scene.upload(unable, "small", (byte) 1).status()).isEqualTo(200);
        }
    }

    private static int upload(final String name) throws IOException {
        return Scene.upload(server, name, "content".getBytes(StandardCharsets.UTF_8)).status();
    }
}
