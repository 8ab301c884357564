package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's {@code altcha.py}: a solution, or a sentence and an exit status. */
class AltchaToolIT {

    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        Prerequisite.programs("python3");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.stop(0);
        }
    }

    private record Outcome(int status, String out, String err) {
    }

    @Test
    void printsASolution() throws Exception {
        // The SHA-256 of "salt?7"
        answers(200, "{\"algorithm\":\"SHA-256\",\"challenge\":\"9308775094e83104eec0f12fc69fe8df65ca430d5be006a8ae2c501165363d33\","
                + "\"maxnumber\":10,\"salt\":\"salt?\",\"signature\":\"s\"}");
        final Outcome outcome = run(url());

        assertThat(outcome.status()).as(outcome.err()).isZero();
        final JSONObject solution = new JSONObject(new String(Base64.getDecoder().decode(outcome.out().strip()), StandardCharsets.UTF_8));
        assertThat(solution.getInt("number")).isEqualTo(7);
        assertThat(solution.getString("signature")).isEqualTo("s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | <html>Welcome</html>                      | is not JSON
            200 | ''                                        | is not JSON
            200 | []                                        | no challenge
            200 | {"challenge": "x", "salt": "y"}           | no challenge
            200 | {"challenge": "x", "maxnumber": "many", "salt": "y"} | no challenge
            200 | {"challenge": "x", "maxnumber": 3, "salt": "y"} | has no solution
            404 | There is nothing here                     | anonymous uploads are off or take no challenge
            405 | This method is not allowed here           | the answer is 405
            503 | Try again later                           | the answer is 503
            """)
    void saysWhyThereIsNoChallenge(final int status, final String body, final String why) throws Exception {
        answers(status, body);
        assertRefused(run(url()), 1, why);
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        final int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertRefused(run("http://127.0.0.1:" + free), 1, "cannot be reached");
        assertRefused(run("http://127.0.0.1:none"), 1, "this is no address");
    }

    @Test
    void saysThatItIsNotHttpsWhatListensThere() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Thread answering = new Thread(() -> answerInPlainText(plain));
            answering.start();
            assertRefused(run("https://127.0.0.1:" + plain.getLocalPort()), 1, "cannot be reached");
            answering.join();
        }
    }

    private static void answerInPlainText(final ServerSocket listening) {
        try (Socket client = listening.accept()) {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "backup.example.org", "file:///etc/passwd", "http//x"})
    void saysHowItIsUsed(final String url) throws Exception {
        assertRefused(run(url), 2, "usage: altcha.py URL");
    }

    private void answers(final int status, final String body) {
        server.createContext("/challenge", exchange -> {
            final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static Outcome run(final String url) throws Exception {
        final Process tool = new ProcessBuilder("python3", Path.of("..", "client", "altcha.py").toString(), url).start();
        final String out = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final String err = new String(tool.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(tool.waitFor(), out, err);
    }

    private static void assertRefused(final Outcome outcome, final int status, final String why) {
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(status);
        assertThat(outcome.err()).hasLineCount(1).contains(why).doesNotContain("Traceback");
        assertThat(outcome.out()).isEmpty();
    }
}
