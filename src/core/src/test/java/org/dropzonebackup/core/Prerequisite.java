package org.dropzonebackup.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine. Without it the test is skipped, which a file of its module tells together with the
 * packages of Debian that it wants; with {@code -Dbench.complete=true}, as in CI, it fails instead.
 */
public final class Prerequisite {

    /** Begins what tells of missing packages. */
    public static final String INSTALL = "apt-get install ";
    /** What is told where nothing can be mounted. */
    public static final String MOUNTING = "leave to mount, as root has it";
    /** In a module's directory: when a test was skipped, its class, and what it needs, separated by tabs, a line for each. */
    public static final Path SKIPPED = Path.of("target", "skipped-tests.txt");

    /** Of programs that are not named as their package. */
    private static final Map<String, String> PACKAGES = Map.of("chromedriver", "chromium-driver", "cc", "gcc libc6-dev",
            "nginx", "nginx-light", "mkfs.exfat", "exfatprogs", "mount.exfat-fuse", "exfat-fuse", "losetup", "mount",
            "setfacl", "acl", "script", "bsdutils");

    private Prerequisite() {
    }

    /** Programs on the path. */
    public static void programs(final String... programs) {
        final String missing = Stream.of(programs).filter(program -> !isThere(program))
                .map(program -> PACKAGES.getOrDefault(program, program)).collect(Collectors.joining(" "));
        that(missing.isEmpty(), INSTALL + missing, "");
    }

    /**
     * Anything else.
     *
     * @param what in one line, the same for all tests that need it
     * @param fault what was found in its place
     */
    public static void that(final boolean provided, final String what, final String fault) {
        if (provided) {
            return;
        }
        if (Boolean.getBoolean("bench.complete")) {
            throw new AssertionError(what + ": " + fault);
        }
        try {
            Files.writeString(SKIPPED, Instant.now() + "\t" + test() + "\t" + what + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        Assumptions.abort(what + ": " + fault);
    }

    private static boolean isThere(final String program) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String test() {
        return StackWalker.getInstance().walk(frames -> frames.map(frame -> frame.getClassName().replaceFirst(".*\\.", ""))
                .filter(name -> name.endsWith("IT") || name.endsWith("Test")).findFirst().orElse("a test"));
    }
}
