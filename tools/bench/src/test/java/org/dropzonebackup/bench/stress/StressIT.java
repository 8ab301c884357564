package org.dropzonebackup.bench.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link StressProgram}. */
class StressIT {

    @TempDir
    private Path directory;

    @Test
    void everybodyIsAnsweredWhateverOthersDo() throws Exception {
        assertThat(StressProgram.run(Path.of(System.getProperty("dropzone.server.jar")), directory, 8, 16)).allSatisfy(waits -> {
            assertThat(waits.wrong()).as("%s", waits).isEmpty();
            assertThat(waits.answered()).as("%s", waits).isPositive();
        });
    }
}
