package org.dropzonebackup.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link FloodProgram}. */
class FloodIT {

    @TempDir
    private Path directory;

    @Test
    void whoSolvesNothingIsRefusedAndWhoDoesIsServed() throws Exception {
        final FloodProgram.Result result =
                FloodProgram.run(Path.of(System.getProperty("dropzone.server.jar")), directory, 100, 2);

        assertThat(result.refused()).isEqualTo(600);
        assertThat(result.accepted()).isZero();
        assertThat(result.stored()).isEqualTo(6);
        System.out.println("FloodIT: " + result);
    }
}
