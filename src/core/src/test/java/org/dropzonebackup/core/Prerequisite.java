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
 * Something that a test needs of the machine. Without it the test is skipped, and recorded in a file of the module with the
 * Debian packages that it needs; with {@code -Dbench.complete=true}, as in CI, it fails instead.
 */
public final class Prerequisite {

    /** The beginning of a message about missing packages. */
    public static final String INSTALL = "apt-get install ";
    /** The message where mounting is not permitted. */
    public static final String MOUNTING = "permission to mount, as root has it";
    /** In a module's directory: a line per skipped test, with the time, the class and what it needs, separated by tabs. */
    public static final Path SKIPPED = Path.of("target", "skipped-tests.txt");

    /** The packages of programs that have another name. */
    private static final Map<String, String> PACKAGES = Map.of("chromedriver", "chromium-driver", "cc", "gcc libc6-dev",
            "nginx", "nginx-light", "mkfs.exfat", "exfatprogs", "mount.exfat-fuse", "exfat-fuse", "losetup", "mount",
            "setfacl", "acl", "promtool", "prometheus", "script", "bsdutils");

    private Prerequisite() {
    }

    /** Requires programs on the path. */
    public static void programs(final String... programs) {
        final String missing = Stream.of(programs).filter(program -> !isThere(program))
                .map(program -> PACKAGES.getOrDefault(program, program)).collect(Collectors.joining(" "));
        that(missing.isEmpty(), INSTALL + missing, "");
    }

    /**
     * Requires something else.
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
