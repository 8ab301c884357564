package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.bench.speed.Programs;

/**
 * What a test needs of the machine. Without it the test is skipped and says so; with {@code -Dbench.complete=true}, as in
 * CI, it fails instead.
 */
public final class Machine {

    private Machine() {
    }

    /** Programs on the path. */
    public static void needs(final String... programs) {
        final List<String> missing = Stream.of(programs).filter(program -> !Programs.isThere(program)).toList();
        require(missing.isEmpty(), "not installed: " + missing);
    }

    /**
     * Runs a program that root, or a machine that allows it to others, can run.
     *
     * @return what it said
     */
    static String need(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        require(process.waitFor() == 0, String.join(" ", command) + ": " + said);
        return said.strip();
    }

    private static void require(final boolean condition, final String what) {
        assumeTrue(condition || Boolean.getBoolean("bench.complete"), what);
        assertThat(condition).as(what).isTrue();
    }
}
