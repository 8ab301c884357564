package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that hangs keeps those waiting whose files are on it, and nobody else. */
@Timeout(100)
class HungDeviceIT {

    /** Microseconds. */
    private static final String HANG = "unlink,unlinkat:delay_enter=15000000";

    @TempDir
    private Path directory;
    private Scene scene;
    @AutoClose
    private Server server;

    @BeforeEach
    void start() throws Exception {
        Prerequisite.programs("strace");
        scene = Scene.in(directory);
        server = Server.start(scene.command("--idle-timeout", "1 s"));
    }

    @Test
    void delaysNoTimeoutOfAnother() throws Exception {
        try (Exchange hung = Scene.begin(server, "hung", (byte) 1)) {
            assertThat(Scene.eventually(() -> scene.names().size() == 1)).isTrue();
            final String staged = scene.names().get(0);
            try (Injection injection = Injection.into(server, HANG, scene.box().resolve(staged));
                    Exchange silent = Scene.begin(server, "silent", (byte) 1)) {
                assertThat(silent.answer().status()).isEqualTo(408);
                assertThat(scene.names()).as("what hangs by %s", injection).containsExactly(staged);
                assertThat(hung.answer().status()).isEqualTo(408);
            }
        }
        assertThat(scene.names()).isEmpty();
    }
}
