package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dropzonebackup.core.Prerequisite;

/** Says in one line which tests of a build were skipped for want of something, in all modules, and what would run them. */
public final class SkippedTests {

    private SkippedTests() {
    }

    /**
     * @param arguments the checkout, and when the build began: what is older is of another build
     */
    public static void main(final String... arguments) throws IOException {
        System.out.println(line(Path.of(arguments[0]), Instant.parse(arguments[1])));
    }

    static String line(final Path checkout, final Instant since) throws IOException {
        final Set<String> tests = new TreeSet<>();
        final Set<String> packages = new TreeSet<>();
        final Set<String> needs = new TreeSet<>();
        for (final String skip : skips(checkout)) {
            final String[] fields = skip.split("\t", 3);
            if (!Instant.parse(fields[0]).isBefore(since)) {
                tests.add(fields[1]);
                if (fields[2].startsWith(Prerequisite.INSTALL)) {
                    packages.addAll(List.of(fields[2].substring(Prerequisite.INSTALL.length()).split(" ")));
                } else {
                    needs.add(fields[2]);
                }
            }
        }
        if (tests.isEmpty()) {
            return "No test was skipped.";
        }
        final Stream<String> install = packages.isEmpty() ? Stream.of() : Stream.of(Prerequisite.INSTALL + String.join(" ", packages));
        return "Skipped, wholly or in part: " + String.join(", ", tests) + ". What they need: "
                + Stream.concat(install, needs.stream()).collect(Collectors.joining("; "));
    }

    private static List<String> skips(final Path checkout) throws IOException {
        final List<String> skips = new ArrayList<>();
        try (Stream<Path> files = Files.walk(checkout, 4)) {
            for (final Path file : files.filter(file -> file.endsWith(Prerequisite.SKIPPED)).toList()) {
                skips.addAll(Files.readAllLines(file));
            }
        }
        return skips;
    }
}
