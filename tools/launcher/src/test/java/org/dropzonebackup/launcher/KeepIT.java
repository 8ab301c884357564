package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.dropzonebackup.web.Way;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that keeps all files of a name. */
class KeepIT {

    private static final String LATER = "\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ(-\\d)?\\.tar\\.gz";

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory, "--existing", "keep");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void keepsWhatComesUnderATakenNameAndNothingTwice(final Way way) throws Exception {
        final String stem = way.name().toLowerCase(Locale.ROOT);
        for (final String content : List.of("first", "second", "first", "second")) {
            assertThat(send(server, way, stem + ".tar.gz", content, digest(content)).status()).isBetween(200, 204);
        }
        assertThat(stored(stem + ".")).hasSize(2).containsEntry(stem + ".tar.gz", "first").containsValue("second");

        assertThat(send(server, way, stem + ".tar.gz", "second").status()).isBetween(200, 204);
        assertThat(stored(stem + ".")).as("no digest, no comparison").hasSize(3);
        assertThat(stored(stem + ".").keySet()).filteredOn(name -> name.matches(stem + LATER)).hasSize(2);

        assertThat(send(server, way, stem + ".tar.gz", "third", "If-None-Match: *").status()).isEqualTo(412);
        assertThat(stored(stem + ".")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PUT", "FORM", "DRAFT", "FORM_BY_DRAFT"})
    void tellsUnderWhichNameItIsStored(final Way way) throws Exception {
        final String stem = "told-" + way.name().toLowerCase(Locale.ROOT);
        send(server, way, stem + ".tar.gz", "first");
        final JSONObject file = new JSONObject(send(server, way, stem + ".tar.gz", "second", "Accept: application/json").body())
                .getJSONArray("files").getJSONObject(0);

        assertThat(file.getString("submittedName")).isEqualTo(stem + ".tar.gz");
        assertThat(file.getString("name")).matches(stem + LATER);
        assertThat(stored(stem)).containsEntry(file.getString("name"), "second");
        if (!way.isBeginning()) {
            assertThat(send(server, way, stem + ".tar.gz", "third").body()).matches("OK " + stem + LATER + "\n");
        }
    }

    @Test
    void keepsTheFilesOfThoseUsersWhoseFieldSaysSo(@TempDir final Path other) throws Exception {
        final ServerProcess refusing = ServerProcess.start(other);
        try {
            Files.writeString(refusing.usersFile(), "bob.existing = keep\n", StandardOpenOption.APPEND);
            assertThat(send(refusing, Way.PUT, "a.tar.gz", "first").status()).isEqualTo(200);
            await().until(() -> send(refusing, Way.PUT, "a.tar.gz", "second").status() == 200);
            Files.writeString(refusing.directoryOf("carol").resolve("a.tar.gz"), "first");
            assertThat(BobsUpload.ask(refusing, BobsUpload.head(Way.PUT, "a.tar.gz", 6, "Content-Length: 6").replace("bob", "carol") + "second").status())
                    .isEqualTo(409);
        } finally {
            refusing.stop();
        }
    }

    private static Map<String, String> stored(final String beginning) throws IOException {
        final Map<String, String> stored = new TreeMap<>();
        try (Stream<Path> files = Files.list(server.directoryOf("bob"))) {
            for (final Path file : files.filter(each -> each.getFileName().toString().startsWith(beginning)).toList()) {
                stored.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return stored;
    }

    private static String digest(final String content) throws Exception {
        return "Repr-Digest: sha-256=:" + Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8))) + ":";
    }

    /** Sends all of a file, in two requests if the way needs that. */
    private static Answer send(final ServerProcess to, final Way way, final String name, final String content, final String... headers)
            throws IOException {
        final String request = BobsUpload.request(way, name, content, headers);
        final Answer first = BobsUpload.ask(to, request);
        if (!way.isBeginning() || first.status() != 201) {
            return first;
        }
        final String rest = way == Way.TUS ? content : "";
        final String path = URI.create(request.split(" ")[1]).resolve(first.headers().get("location")).getPath();
        return BobsUpload.ask(to, "PATCH " + path + " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: " + ServerProcess.BOBS_PASSWORD + "\r\nUpload-Offset: " + BobsUpload.body(way, name, content).length() + "\r\n"
                + (way == Way.TUS ? "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream"
                        : "Accept: application/json\r\nUpload-Complete: ?1\r\nContent-Type: application/partial-upload")
                + "\r\nContent-Length: " + rest.length() + "\r\n\r\n" + rest);
    }
}
