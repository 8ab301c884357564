package org.dropzonebackup.bench.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of {@link CutsProgram}, with another seed each time. */
class CutsIT {

    private static final int SIZE = 64 << 20;
    private static final int CUTS = 12;

    @TempDir
    private Path directory;
    private final long seed = System.currentTimeMillis();

    @ParameterizedTest
    @EnumSource
    void hardlyAnythingIsSentAgainWhereTheLineBreaks(final Client client) throws Exception {
        final CutsProgram.Outcome outcome = upload(client, 1, CUTS, 0);

        assertThat(outcome.percentAgain()).as("%s, seed %d", outcome, seed).isLessThan(2);
        assertThat(Files.readString(directory.resolve("log"))).as("the server has nothing to complain of").isEmpty();
    }

    /** Between two checkpoints what came is not durable, and has to come again. */
    @ParameterizedTest
    @EnumSource
    void arrivesWholeWhereTheServerIsKilled(final Client client) throws Exception {
        upload(client, 1, CUTS / 4, 2);
    }

    /** One of them has to let go of what the other goes on with, even if its client is gone without a word. */
    @Test
    void serversOfOneDirectoryTakeTurnsOnOneUpload() throws Exception {
        final CutsProgram.Outcome outcome = upload(Client.TUS_JS, 2, CUTS, 0);

        assertThat(outcome.percentAgain()).as("%s, seed %d", outcome, seed).isLessThan(2);
    }

    private CutsProgram.Outcome upload(final Client client, final int servers, final int cuts, final int kills) throws Exception {
        final Path prepared = client.prepared(directory.resolve("client"));
        try (CutsProgram program = new CutsProgram(
                Path.of(System.getProperty("dropzone.server.jar")), directory, servers, seed)) {
            final CutsProgram.Outcome outcome = program.run(client, prepared, SIZE, cuts, kills);
            System.out.println("CutsIT: seed " + seed + ", " + client + ", " + servers + " server(s); " + outcome);
            assertThat(outcome.wrong()).as("%s, seed %d", outcome, seed).isEmpty();
            return outcome;
        }
    }
}
