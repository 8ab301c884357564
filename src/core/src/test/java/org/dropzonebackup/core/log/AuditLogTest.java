package org.dropzonebackup.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

    @TempDir
    private Path directory;
    private Path file;
    private AuditLog log;

    @BeforeEach
    void open() {
        file = directory.resolve("audit.log");
        log = new AuditLog(file);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void saysAllInOneLine() {
        assertThat(named("é \"b\\ 𝄞").json()).isEqualTo("{\"time\":\"2026-01-02T03:04:05Z\",\"outcome\":\"stored\","
                + "\"status\":200,\"user\":null,\"address\":\"192.0.2.1\",\"name\":\"é \\\"b\\\\ 𝄞\",\"size\":5,"
                + "\"sha256\":null,\"millis\":1500,\"detail\":null,\"request\":\"id\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, '\t', '\n', '\r', 0x1b, 0x7f, 0x85, 0x9b, 0x200b, 0x2028, 0x2029, 0x202e, 0x2066, 0xd800, 0xfeff})
    void escapesWhatIsObeyed(final int unit) {
        assertThat(named("a" + (char) unit + "b").json()).contains("\"a\\u%04xb\"".formatted(unit));
    }

    @Test
    void escapesInvisibleCharactersOfTwoUnits() {
        assertThat(named(Character.toString(0xe0041)).json()).contains("\"\\udb40\\udc41\"");
    }

    @Test
    void leavesNoControlCharacterWhateverTheNameIs() {
        final String all = IntStream.rangeClosed(0, 0xffff).collect(
                StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();

        assertThat(named(all).json()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
    }

    @Test
    void makesTheFileForItsOwnerAlone() throws IOException {
        log.append(named("a"));

        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }

    @Test
    void beginsAnewWhenTheFileWasMovedAway() throws IOException {
        final Path old = directory.resolve("audit.log.1");
        log.append(named("one"));
        Files.move(file, old);
        log.append(named("two"));

        assertThat(Files.readAllLines(old)).containsExactly(named("one").json());
        assertThat(Files.readAllLines(file)).containsExactly(named("two").json());
    }

    @Test
    void goesOnAtTheBeginningOfATruncatedFile() throws IOException {
        log.append(named("one"));
        Files.write(file, new byte[0]);
        log.append(named("two"));

        assertThat(Files.readAllLines(file)).containsExactly(named("two").json());
    }

    @Test
    void sharesTheFileWithOthers() throws IOException {
        try (AuditLog other = new AuditLog(file)) {
            IntStream.range(0, 1000).parallel().forEach(i -> (i % 2 == 0 ? log : other).append(named("n" + i)));
        }

        final List<String> expected = IntStream.range(0, 1000).mapToObj(i -> named("n" + i).json()).toList();
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void comesBackWhenTheFileCanBeWrittenAgain() throws IOException {
        Files.createDirectory(file);
        try (CapturedLog said = new CapturedLog(AuditLog.class)) {
            log.append(named("lost"));
            assertThat(said.lines()).singleElement().asString().startsWith("SEVERE the audit log " + file);
        }
        Files.delete(file);
        log.append(named("kept"));

        assertThat(Files.readAllLines(file)).containsExactly(named("kept").json());
    }

    /** Nothing reads the pipe: whoever opens it to write waits, as for a device that hangs. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keepsNobodyElseWaitingWhileTheDeviceHangs() throws Exception {
        Prerequisite.programs("mkfifo");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
        final Thread writer = new Thread(() -> log.append(named("0")));
        writer.start();
        await().until(() -> Stream.of(writer.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("open0")));

        try (CapturedLog said = new CapturedLog(AuditLog.class)) {
            IntStream.rangeClosed(1, AuditLog.MOST_WAITING).forEach(i -> log.append(named("" + i)));
            assertThat(said.lines()).isEmpty();
            log.append(named("lost"));
            log.append(named("lost too"));
            assertThat(said.lines()).singleElement().asString().contains("lines are lost");
        }
        // Files.lines would open the pipe twice, and close it in between
        try (BufferedReader read = Files.newBufferedReader(file)) {
            assertThat(read.lines().limit(AuditLog.MOST_WAITING + 1)).containsExactlyElementsOf(
                    IntStream.rangeClosed(0, AuditLog.MOST_WAITING).mapToObj(i -> named("" + i).json()).toList());
        }
        writer.join();
    }

    private static AuditLine named(final String name) {
        return new AuditLine(Instant.parse("2026-01-02T03:04:05Z"), "stored", OptionalInt.of(200), Optional.empty(),
                "192.0.2.1", Optional.of(name), 5, Optional.empty(), Duration.ofMillis(1500), Optional.empty(), "id");
    }
}
