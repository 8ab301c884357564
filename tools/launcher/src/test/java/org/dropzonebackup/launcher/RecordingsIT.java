package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real clients put on the wire, replayed byte for byte. */
class RecordingsIT {

    private static final Path RECORDINGS = Path.of("src", "test", "resources", "recordings");
    private static final String TIMESTAMP = "\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d_\\d{6}";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--anonymous-dir", "anonymous", "--anonymous-challenge", "off",
                "--anonymous-uploads-per-hour", "10000");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    static Stream<Arguments> recordings() throws IOException {
        final JSONArray index = new JSONArray(Files.readString(RECORDINGS.resolve("index.json")));
        return Stream.iterate(0, i -> i < index.length(), i -> i + 1)
                .map(index::getJSONObject)
                .filter(RecordingsIT::isForThisServer)
                .map(recording -> Arguments.of(recording.getString("file"), recording));
    }

    /** Left out: protocols that this server does not speak, and what needs another set-up, for which see below. */
    private static boolean isForThisServer(final JSONObject recording) {
        final String protocol = recording.optString("protocol", "");
        return !protocol.equals("tus") && !protocol.equals("filepond-chunked")
                && (!recording.optBoolean("head_only") || recording.getString("auth").contains("wrong"))
                && !recording.getString("file").equals("curl-anyauth-post.http");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void storesWhatTheClientSent(final String name, final JSONObject recording) throws Exception {
        for (final String user : List.of("alice", "bob", "anonymous")) {
            empty(server.directoryOf(user));
        }
        final byte[] bytes = Files.readAllBytes(RECORDINGS.resolve(name));
        final List<Integer> statuses = new ArrayList<>();
        int from = 0;
        for (final int length : lengths(recording, bytes.length)) {
            statuses.add(send(Arrays.copyOfRange(bytes, from, from + length), recording.optBoolean("torn")));
            from += length;
        }

        if (!recording.optBoolean("torn")) {
            assertThat(statuses).isEqualTo(expectedStatuses(recording, statuses.size()));
        }
        assertStored(recording.getJSONArray("expect"), recording.getString("auth"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl-expect-refused-put.http", "go-expect-refused.http"})
    void neverLetsAClientThatWaitsSendWhatIsThere(final String name) throws Exception {
        Files.writeString(server.directoryOf("alice").resolve("big.bin"), "another");
        try (RawConnection connection = server.connect()) {
            connection.send(Files.readAllBytes(RECORDINGS.resolve(name)));
            assertThat(connection.read().status()).isEqualTo(409);
        }
        assertThat(server.directoryOf("alice").resolve("big.bin")).hasContent("another");
    }

    @Test
    void challengesAClientThatTriesWithoutCredentialsFirst(@TempDir final Path other) throws Exception {
        final ServerProcess withoutAnonymous = ServerProcess.start(other);
        final byte[] bytes = Files.readAllBytes(RECORDINGS.resolve("curl-anyauth-post.http"));
        final int first = 6401;
        try (RawConnection without = withoutAnonymous.connect(); RawConnection with = withoutAnonymous.connect()) {
            assertThat(without.send(Arrays.copyOf(bytes, first)).readFinal().status()).isEqualTo(401);
            assertThat(with.send(Arrays.copyOfRange(bytes, first, bytes.length)).readFinal().status()).isEqualTo(200);
        } finally {
            withoutAnonymous.stop();
        }
    }

    @Test
    void neverLetsADisabledUserStart(@TempDir final Path other) throws Exception {
        final ServerProcess server = ServerProcess.start(other);
        try {
            Files.writeString(server.usersFile(), "alice.enabled = false\n", StandardOpenOption.APPEND);
            for (final String name : List.of("hc5-expect-refused.http", "okhttp-expect-refused.http")) {
                final Instant deadline = Instant.now().plusSeconds(10);
                int status = 100;
                while (status == 100 && Instant.now().isBefore(deadline)) {
                    try (RawConnection connection = server.connect()) {
                        status = connection.send(Files.readAllBytes(RECORDINGS.resolve(name))).read().status();
                    }
                }
                assertThat(status).isEqualTo(403);
            }
        } finally {
            server.stop();
        }
    }

    private static void assertStored(final JSONArray expected, final String auth) throws Exception {
        final String user = auth.contains("bob") ? "bob" : auth.equals("none") ? "anonymous" : "alice";
        final Map<String, String> stored = contentOf(server.directoryOf(user));
        for (int i = 0; i < expected.length(); i++) {
            final JSONObject file = expected.getJSONObject(i);
            if (file.isNull("name")) {
                assertThat(stored.values()).contains(file.getString("sha256"));
                assertThat(stored.keySet()).anyMatch(stamp -> stamp.matches(TIMESTAMP));
            } else {
                assertThat(stored).containsEntry(file.getString("name"), file.getString("sha256"));
            }
        }
        assertThat(stored).hasSize(expected.length());
    }

    private static List<Integer> lengths(final JSONObject recording, final int all) {
        return recording.has("lengths")
                ? recording.getJSONArray("lengths").toList().stream().map(Integer.class::cast).toList() : List.of(all);
    }

    private static List<Integer> expectedStatuses(final JSONObject recording, final int count) {
        return recording.get("status") instanceof JSONArray each
                ? each.toList().stream().map(Integer.class::cast).toList()
                : Stream.generate(() -> recording.getInt("status")).limit(count).toList();
    }

    private static int send(final byte[] request, final boolean torn) throws IOException {
        try (RawConnection connection = server.connect()) {
            connection.send(request);
            if (torn) {
                connection.endOutput();
            }
            return connection.readFinal().status();
        } catch (final EOFException closedWithoutAnAnswer) {
            if (torn) {
                return 0;
            }
            throw closedWithoutAnAnswer;
        }
    }

    private static Map<String, String> contentOf(final Path box) throws Exception {
        final Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(box)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(box.relativize(file).toString(), HexFormat.of().formatHex(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
            }
        }
        return content;
    }

    private static void empty(final Path box) throws IOException {
        try (Stream<Path> files = Files.walk(box)) {
            for (final Path file : files.filter(path -> !path.equals(box)).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
