package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.dropzonebackup.web.Way;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings {@code webhook-url}, {@code webhook-secret} and {@code on-event}. */
class EventsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(
            StandardCharsets.US_ASCII));
    private static final String VERIFY = "import { Webhook } from 'standardwebhooks'; const [id, timestamp, signature, body] ="
            + " process.argv.slice(1); console.log(new Webhook(process.env.SECRET).verify(body, {'webhook-id': id,"
            + " 'webhook-timestamp': timestamp, 'webhook-signature': signature}).type);";

    @TempDir
    private Path directory;
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer receiver;

    private record Posted(String id, String timestamp, String signature, String body) {

        JSONObject json() {
            return new JSONObject(body);
        }
    }

    @BeforeEach
    void startReceiver() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
    }

    @AfterEach
    void stopReceiver() {
        receiver.stop(0);
    }

    private void receive(final HttpExchange exchange) throws IOException {
        final Posted one = new Posted(exchange.getRequestHeaders().getFirst("webhook-id"), exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        if (status == 200) {
            posted.add(one);
        }
    }

    private String[] options(final Path program) {
        return new String[] {"--webhook-url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/secret-path",
            "--webhook-secret", SECRET, "--on-event", program.toString(), "--free-space-reserve", "1 GiB",
            "--trusted-proxies", "127.0.0.1"};
    }

    private void put(final ServerProcess server, final String name) throws IOException {
        assertThat(BobsUpload.ask(server, BobsUpload.request(Way.PUT, name, "x")).status()).isEqualTo(200);
    }

    @Test
    void tellReceiversAndAProgramWhatIsStoredAcrossAKill() throws Exception {
        final Path out = directory.resolve("out");
        final Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\ncat >> " + out + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        ServerProcess server = ServerProcess.start(directory, options(program));
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(directory.resolve("uploads/.dropzone"))
                    .isDirectoryContaining("glob:**/events-1-on-event.json").isDirectoryContaining("glob:**/events-1-????????????????.json"));
            put(server, "one");
            await().atMost(SOON).until(() -> posted.size() == 1);
            assertVerified(posted.get(0));
            await().atMost(SOON).untilAsserted(() -> assertThat(Files.readString(out)).contains("\"path\":\"one\""));

            status = 503;
            put(server, "two");
            put(server, "three");
            server.kill();
            status = 200;
            server = ServerProcess.start(directory, options(program));
            await().atMost(SOON).untilAsserted(() -> assertThat(posted).map(each -> each.json().getJSONObject("data").getString("path"))
                    .containsExactly("one", "two", "three"));
            await().atMost(SOON).untilAsserted(() -> assertThat(Files.readAllLines(out).stream().map(
                    line -> new JSONObject(line).getJSONObject("data").getString("path")).distinct()).containsExactly("one", "two", "three"));
            assertThat(server.log()).doesNotContain("secret-path", SECRET);
        } finally {
            server.stop();
        }
    }

    /** By the library of the standard's authors. */
    private void assertVerified(final Posted one) throws Exception {
        final ProcessBuilder builder = new ProcessBuilder("node", "--input-type=module", "-e", VERIFY, "--", one.id(), one.timestamp(),
                one.signature(), one.body()).directory(Path.of(System.getProperty("page.directory")).toFile()).redirectErrorStream(true);
        builder.environment().put("SECRET", SECRET);
        final Process node = builder.start();
        assertThat(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("file.stored\n");
        assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void areTakenByTheProgramsOfTheReadme() throws Exception {
        final String readme = Files.readString(Path.of("../../README.md"));
        final List<String> blocks = Pattern.compile("(?s)```\\w*\n(\\{\"type\".*?|#!/bin/sh.*?)```").matcher(readme).results()
                .map(block -> block.group(1)).toList();
        assertThat(blocks).hasSize(3);
        final String event = blocks.get(0);
        final Path mail = directory.resolve("mail");
        final Path sendmail = Files.writeString(directory.resolve("sendmail"), "#!/bin/sh\ncat > " + mail + "\n");
        assertThat(sendmail.toFile().setExecutable(true)).isTrue();
        run(blocks.get(1).replace("/usr/sbin/sendmail", sendmail.toString()), event.replace("backup.late", "file.stored"));
        assertThat(mail).doesNotExist();
        run(blocks.get(1).replace("/usr/sbin/sendmail", sendmail.toString()), event);
        assertThat(mail).hasContent("To: root\nSubject: a backup\n\n" + event);
        run(blocks.get(2).replace("https://ntfy.sh/", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/"), event);
        assertThat(posted).singleElement().satisfies(one -> assertThat(one.body()).isEqualTo(event.strip()));
    }

    private void run(final String script, final String input) throws Exception {
        final Path in = Files.writeString(directory.resolve("in"), input);
        final Process shell = new ProcessBuilder("sh", Files.writeString(directory.resolve("script"), script).toString())
                .inheritIO().redirectInput(in.toFile()).start();
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void tellOfGuessesAndOfLowSpace() throws Exception {
        final Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\nexit 0\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        final String[] options = options(program);
        options[7] = "1000000 TB";
        final ServerProcess server = ServerProcess.start(directory, options);
        try {
            for (int i = 0; i < 12; i++) {
                BobsUpload.ask(server, "PUT /upload/a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nUsername: bob\r\nPassword: wrong" + i
                        + "\r\nContent-Length: 1\r\n\r\nx");
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(posted).map(each -> each.json().getString("type"))
                    .contains("login.blocked"));
            assertThat(posted.stream().filter(each -> each.json().getString("type").equals("login.blocked"))).singleElement().satisfies(
                    each -> assertThat(each.json().getJSONObject("data").toMap()).isEqualTo(Map.of("address", "192.0.2.7")));
        } finally {
            server.stop();
        }
        assertThat(Files.readString(directory.resolve("uploads/.dropzone/journal/1/00000000000000000001.jsonl"))).contains("\"event\":\"space-low\"");
    }
}
