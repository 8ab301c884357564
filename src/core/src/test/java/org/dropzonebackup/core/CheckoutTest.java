package org.dropzonebackup.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the checkout is self-contained: no source, POM or script names a path outside, except system directories. */
class CheckoutTest {

    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    /** Its paths with a base directory are relative to the modules, which are all at the same depth. */
    private static final Path PARENT = ROOT.resolve("pom.xml");
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", "recordings");
    private static final List<Path> SYSTEM = Stream.of("/usr", "/etc", "/proc", "/dev", "/sys", "/srv").map(Path::of).toList();
    /** In Java files: the leading literals of a path. */
    private static final Pattern JAVA = Pattern.compile("\\b(?:Path\\.of|Paths\\.get|new File)\\(\\s*(\"[^\"]*\"(?:\\s*,\\s*\"[^\"]*\")*)");
    /** In other files: a path that begins with {@code ../}. */
    private static final Pattern CLIMBING = Pattern.compile("(?<![\\w.])(\\.\\./[\\w./-]*)");
    private static final Pattern READ = Pattern.compile(".*\\.(?:java|sh|py|js|json|c|properties|conf|service)|pom\\.xml|run|\\.npmrc");

    @Test
    void nothingReadsOutsideOfIt() throws IOException {
        assertThat(leaving()).isEmpty();
    }

    private static List<String> leaving() throws IOException {
        final List<String> leaving = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes) {
                return NOT_OURS.contains(directory.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                if (READ.matcher(file.getFileName().toString()).matches()) {
                    final boolean java = file.toString().endsWith(".java");
                    final Path from = java ? moduleOf(file) : file.equals(PARENT) ? MODULE : file.getParent();
                    (java ? JAVA : CLIMBING).matcher(Files.readString(file)).results()
                            .map(CheckoutTest::named)
                            .filter(named -> !isInside(from.resolve(named).normalize()))
                            .forEach(named -> leaving.add(ROOT.relativize(file) + ": " + named));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return leaving;
    }

    private static Path named(final MatchResult match) {
        return Path.of(match.group(1).replaceAll("\"\\s*,\\s*\"", "/").replace("\"", ""));
    }

    private static boolean isInside(final Path path) {
        return path.startsWith(ROOT) || SYSTEM.stream().anyMatch(path::startsWith);
    }

    /** The module of a source file, in which Maven runs its tests. */
    private static Path moduleOf(final Path file) {
        Path module = file.getParent();
        while (!Files.exists(module.resolve("pom.xml"))) {
            module = module.getParent();
        }
        return module;
    }
}
