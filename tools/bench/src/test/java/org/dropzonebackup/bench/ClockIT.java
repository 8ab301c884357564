package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The system's clock is set while uploads are under way: by an hour, by a month, forwards and back. */
class ClockIT {

    private static final String PASSWORD = "secret-pa55";
    private static final String ANOTHER = "bench-pa55";
    /** Of each; they take no time, so that no guess is forgotten before the last one is made. */
    private static final Map<String, String> HASHES = Map.of(
            PASSWORD, "$argon2id$v=19$m=8,t=1,p=1$Y2hlYXAtc2FsdA$eqXKazKrmHFeS+u4ikmyog",
            ANOTHER, "$argon2id$v=19$m=8,t=1,p=1$YmVuY2hiZW5jaGJlbmNoIQ$riydfjhOiOL/6FaGJKNHl4xWaO4qq9wdkjP32FYpmAE");
    private static final int FAILURES_ALLOWED = 10;

    @TempDir
    private static Path directory;
    private static Scene scene;
    private static Server server;
    /** Where the step before this one was logged in from; null before the first. */
    private static String before;

    @BeforeAll
    static void start() throws IOException {
        Prerequisite.programs("faketime");
        scene = Scene.in(directory);
        users(PASSWORD);
        set("+0");
        // The steady clock goes on, as it does when a real one is set
        server = Server.start(scene.command("--audit-log", directory.resolve("audit.log").toString(),
                "--trusted-proxies", "127.0.0.1").after("env", "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_FORCE_MONOTONIC_FIX=0", "FAKETIME_NO_CACHE=1",
                "FAKETIME_TIMESTAMP_FILE=" + directory.resolve("clock")));
    }

    @AfterAll
    static void stop() throws IOException {
        // There is none where the test is skipped
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"-1h, 192.0.2.1", "+1h, 192.0.2.2", "-30d, 192.0.2.3", "+30d, 192.0.2.4"})
    void settingTheClockHarmsNothing(final String step, final String from) throws Exception {
        users(PASSWORD);
        awaitUsers();
        before = from;
        assertThat(login(PASSWORD, "198.51.100" + from.substring(7))).isEqualTo(200);
        final List<String> names = new ArrayList<>(List.of(unnamed(), unnamed()));
        assertThat(login(PASSWORD, from)).isEqualTo(200);
        for (int i = 0; i < FAILURES_ALLOWED - 1; i++) {
            assertThat(login("guess", from)).isEqualTo(403);
        }
        final String file = "under-way" + from;
        try (Exchange underWay = Scene.begin(server, file, new byte[100_000])) {
            assertThat(Scene.eventually(() -> scene.names().stream().anyMatch(name -> name.endsWith(".~tmp")))).isTrue();
            set(step);
            names.addAll(List.of(unnamed(), unnamed()));
            assertThat(login(PASSWORD, from)).as("who is remembered").isEqualTo(200);
            users(ANOTHER);
            assertThat(Scene.eventually(() -> login(PASSWORD, from) == 403)).as("the users file is read again").isTrue();
            assertThat(login(ANOTHER, from)).isEqualTo(200);
            assertThat(login("guess", from)).as("the eleventh failure").isEqualTo(429);
            assertThat(underWay.sendChunk(new byte[100_000]).sendChunk().answer().status()).isEqualTo(200);
        }
        set("+0");
        names.addAll(List.of(unnamed(), unnamed()));
        assertThat(login("guess", from)).as("closed for five minutes").isEqualTo(429);
        assertThat(login(ANOTHER, from)).as("who is remembered").isEqualTo(200);

        assertThat(names).isSorted().doesNotHaveDuplicates();
        assertThat(scene.names()).contains(file).containsAll(names).noneMatch(name -> name.endsWith(".~tmp"));
        assertAudit(names);
    }

    /** By what was right until then: to try the new password until it is would be to guess, and close the address. */
    private static void awaitUsers() throws IOException {
        if (before != null) {
            assertThat(Scene.eventually(() -> login(ANOTHER, before) != 200)).isTrue();
        }
    }

    /** A line for each, and none tells of a duration that was not. */
    private static void assertAudit(final List<String> names) throws IOException {
        final List<JSONObject> lines = Files.readAllLines(directory.resolve("audit.log")).stream().map(JSONObject::new).toList();
        assertThat(lines).allSatisfy(line -> assertThat(line.getLong("millis")).isBetween(0L, 60_000L));
        assertThat(lines.stream().map(line -> line.optString("name"))).containsAll(names);
        final Instant first = Instant.parse(lines.get(0).getString("time"));
        assertThat(lines.stream().map(line -> Duration.between(first, Instant.parse(line.getString("time"))).toMinutes()))
                .as("the clock was set").anyMatch(minutes -> Math.abs(minutes) >= 50);
    }

    private static void users(final String password) throws IOException {
        replace("users.properties", "alice.directory = box\nalice.password = " + HASHES.get(password) + "\n"
                + Sender.entry("bench", scene.box()));
    }

    private static void set(final String offset) throws IOException {
        replace("clock", offset + "\n");
    }

    /** The server never finds half of it. */
    private static void replace(final String name, final String content) throws IOException {
        Files.move(Files.writeString(directory.resolve(name + ".new"), content), directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static String unnamed() throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            final String answer = exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Accept: application/json\r\nContent-Length: 1\r\n\r\nx").answer().text();
            return new JSONObject(answer.substring(answer.indexOf("\r\n\r\n")))
                    .getJSONArray("files").getJSONObject(0).getString("name");
        }
    }

    private static int login(final String password, final String from) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: " + from
                    + "\r\nUsername: alice\r\nPassword: " + password + "\r\nContent-Length: 1\r\n\r\nx").answer().status();
        }
    }
}
