package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private final Instant weekAgo = Instant.now().minus(Duration.ofDays(7));
    @TempDir
    private Path base;
    private Path box;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
    }

    @Test
    void leavesToAnotherServerTheOldFileThatItMayPutBack() throws Exception {
        Files.setLastModifiedTime(Files.writeString(box.resolve("a"), "old"), LONG_AGO);
        final Path replaced = new StagingNames(".~tmp").newNameOfReplaced(box);
        Files.createLink(replaced, box.resolve("a"));
        store().sweep(List.of("alice"), weekAgo);
        assertThat(replaced).hasContent("old");
    }

    @Test
    void takesAFileThatWasReplacedLongAgo() throws Exception {
        for (final String made : List.of("1700000000", "99999999999")) {
            final Path file = box.resolve(".0123456789abcdef0123456789abcdef." + made + ".replaced.~tmp");
            Files.setLastModifiedTime(Files.writeString(file, "old"), LONG_AGO);
        }
        store().sweep(List.of("alice"), weekAgo);
        assertThat(names()).containsExactly(".0123456789abcdef0123456789abcdef.99999999999.replaced.~tmp");
    }

    @Test
    void directoryThatCannotBeSweptKeepsNoOtherFromIt() throws Exception {
        Files.setLastModifiedTime(Files.writeString(box.resolve(".x.~tmp"), "old"), LONG_AGO);
        Files.writeString(base.resolve("file"), "no directory");
        store().sweep(List.of("nul\u0000", "missing", "file", "file/below", "alice"), weekAgo);
        assertThat(names()).isEmpty();
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
