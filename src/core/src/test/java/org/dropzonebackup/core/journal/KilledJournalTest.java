package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.journal.Journals.paths;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.stored;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a journal after its server was killed; the servers are processes. */
class KilledJournalTest {

    @TempDir
    private Path base;

    /** The server: four threads append and say so. */
    static final class Server {

        private Server() {
        }

        public static void main(final String[] arguments) throws IOException {
            final Journal journal = new Journal(Path.of(arguments[0]), true, Clock.systemUTC(), System::nanoTime);
            for (int thread = 0; thread < 4; thread++) {
                final String name = arguments[1] + " " + thread + " ";
                new Thread(() -> appendForEver(journal, name), name).start();
            }
        }

        private static void appendForEver(final Journal journal, final String name) {
            for (int i = 0; true; i++) {
                try {
                    journal.append(List.of(stored(name + i)));
                } catch (final IOException e) {
                    throw new AssertionError(e);
                }
                System.out.println(name + i);
            }
        }
    }

    @Test
    void hasAllThatWasAnswered() throws Exception {
        final long seed = System.nanoTime();
        final Random moments = new Random(seed);
        final Set<String> answered = new HashSet<>();
        for (int kill = 0; kill < 3; kill++) {
            final Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                    System.getProperty("java.class.path"), Server.class.getName(), base.toString(), "kill " + kill)
                            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader said = server.inputReader()) {
                for (int i = moments.nextInt(1, 300); i > 0; i--) {
                    answered.add(said.readLine());
                }
                // It holds its chain, and has its end
                try (Journal beside = new Journal(base, true, Clock.systemUTC(), System::nanoTime)) {
                    assertThat(beside.chain()).isEqualTo(2);
                    assertThat(beside.find("alice", answered.iterator().next())).isPresent();
                }
            } finally {
                server.destroyForcibly();
            }
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        try (Journal journal = new Journal(base, true, Clock.systemUTC(), System::nanoTime)) {
            assertThat(journal.chain()).isEqualTo(1);
            assertThat(paths(readAll(journal, 1))).as("seed %d", seed).doesNotHaveDuplicates().containsAll(answered);
            for (final String name : answered) {
                assertThat(journal.find("alice", name)).as("%s, seed %d", name, seed).isPresent();
            }
        }
    }
}
