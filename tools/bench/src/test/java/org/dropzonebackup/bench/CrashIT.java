package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.dropzonebackup.core.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link CrashProgram}, with another seed each time. */
class CrashIT {

    private static final int ROUNDS = Nightly.isNow() ? 8 : 2;

    @TempDir
    private Path directory;

    @Test
    void killedServerLosesNothingAndShowsNothingHalf() throws Exception {
        final long seed = System.currentTimeMillis();
        final CrashProgram program = new CrashProgram(Path.of(System.getProperty("dropzone.server.jar")), directory, seed);

        assertThat(program.run(ROUNDS)).as("seed %d: %s", seed, program).isEmpty();
        System.out.println("CrashIT: seed " + seed + ", " + ROUNDS + " kills; " + program);
    }

    @Test
    void foldersArriveWholeThoughTheServerIsKilledTwice() throws Exception {
        final long seed = System.currentTimeMillis();
        final CrashProgram program = new CrashProgram(Path.of(System.getProperty("dropzone.server.jar")), directory, seed);

        assertThat(program.sendFolders(Nightly.isNow() ? 10_000 : 1000)).as("seed %d", seed).isEmpty();
    }
}
