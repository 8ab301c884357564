package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stop, wait, or send what two servers in a row would read differently. */
class HostileClientsIT {

    private static final String SMUGGLED = "PUT /upload/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";

    @TempDir
    private static Path directory;
    private static Scene scene;
    @AutoClose
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        scene = Scene.in(directory);
        server = Server.start(scene.command("--idle-timeout", "3 s", "--min-rate", "1000").on("-Xmx1g"));
    }

    @BeforeEach
    void empty() throws IOException {
        scene.empty();
    }

    /** What follows the head is a whole request to whoever believes the other header. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 86\r\n\r\n",
        "Content-Length: 86\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0, 86\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x0\r\n\r\n",
        "Content-Length : 0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity, chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nyz\r\n0\r\n\r\n"})
    void whatCanBeReadInTwoWaysIsNeverTwoRequests(final String rest) throws Exception {
        final String answers;
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/outer HTTP/1.1\r\nHost: localhost\r\n" + rest + SMUGGLED).end();
            answers = exchange.readAll();
        }
        assertThat(Scene.count(answers, "HTTP/1.1 ")).as(answers).isLessThanOrEqualTo(1);
        assertThat(Scene.eventually(() -> !scene.names().contains("smuggled"))).isTrue();
        assertThat(scene.names()).doesNotContain("smuggled");
    }

    /** A line that begins with a blank goes on with the one before, or is refused: it is no header of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"X: a\r\n Content-Length: 0\r\nContent-Length: 86\r\n\r\n",
        "X: a\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 86\r\n\r\n"})
    void foldedHeaderIsNoHeaderOfItsOwn(final String rest) throws Exception {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/outer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + rest + SMUGGLED).end();
            assertThat(Scene.count(exchange.readAll(), "HTTP/1.1 ")).isEqualTo(1);
        }
        assertThat(scene.names()).doesNotContain("smuggled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a\nContent-Length: 0\r\n\r\n", "X: a\rContent-Length: 0\r\n\r\n", "X: a\0b\r\n\r\n",
        "X\u00e4: b\r\n\r\n", ": b\r\n\r\n", "no colon\r\n\r\n"})
    void headersThatAreNoneAreRefusedOrIgnored(final String headers) throws Exception {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/outer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers).end();
            assertThat(exchange.answer().status()).isIn(200, 400);
        }
        assertThat(Scene.upload(server, "next", (byte) 1).status()).isEqualTo(200);
    }

    @Test
    void headersWithoutAnEndAreRefused() throws Exception {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/outer HTTP/1.1\r\nHost: localhost\r\n" + "X: yyyyyyyyyyyyyyyy\r\n".repeat(5_000)).end();
            assertThat(exchange.readAll()).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/first HTTP/1.1\r\nHost: localhost\r\n" + Sender.HEADERS + "Content-Length: 1\r\n\r\nx"
                    + "PUT /upload/first HTTP/1.1\r\nHost: localhost\r\n" + Sender.HEADERS + "Transfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\n\r\n");
            final String answers = exchange.readAll();
            assertThat(answers).startsWith("HTTP/1.1 200");
            assertThat(answers.indexOf("HTTP/1.1 409")).isPositive();
        }
        assertThat(scene.box().resolve("first")).hasContent("x");
    }

    @Test
    void requestsThatStopAnywhereLeaveNothing() throws Exception {
        final String form = "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5b\r\n"
                + "--b\r\nContent-Disposition: form-data; name=f; filename=stopped\r\n\r\ncontent that is enough\r\n--b--\r\n";
        final byte[] whole = (form + "\r\n0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int length = 1; length < whole.length; length += 3) {
            try (Exchange exchange = new Exchange(server)) {
                exchange.send(Arrays.copyOf(whole, length));
                if (length % 2 == 0) {
                    exchange.end().readAll();
                }
            }
        }
        assertThat(Scene.eventually(() -> scene.names().isEmpty())).as("%s", scene.names()).isTrue();
    }

    @Test
    void clientThatFallsSilentIsToldSoAndNothingStays() throws Exception {
        try (Exchange exchange = Scene.begin(server, "silent", new byte[100_000])) {
            assertThat(exchange.answer().status()).isEqualTo(408);
        }
        assertThat(scene.names()).isEmpty();
    }

    @Test
    void clientThatSendsTooSlowlyIsCutAndOneThatIsFastEnoughIsNot() throws Exception {
        try (Exchange slow = Scene.begin(server, "slow", (byte) 1); Exchange enough = Scene.begin(server, "enough", (byte) 1)) {
            assertThat(Scene.eventually(() -> scene.names().size() == 2)).isTrue();
            final long begun = System.nanoTime();
            boolean cut = false;
            while (!cut && System.nanoTime() - begun < 20_000_000_000L) {
                LockSupport.parkNanos(200_000_000);
                enough.sendChunk(new byte[500]);
                try {
                    slow.sendChunk(new byte[20]);
                } catch (final IOException closed) {
                    cut = true;
                }
                cut = cut || scene.names().size() < 2;
            }
            assertThat(cut).isTrue();
            assertThat(enough.sendChunk().answer().status()).isEqualTo(200);
        }
        assertThat(scene.names()).containsExactly("enough");
    }

    @Test
    @Timeout(60)
    void thousandsOfIdleConnectionsKeepNobodyFromUploading() throws Exception {
        final List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 5_000; i++) {
                idle.add(server.connect());
            }
            for (int i = 0; i < 20; i++) {
                final long begun = System.nanoTime();
                assertThat(Scene.upload(server, "file" + i, new byte[100_000]).status()).isEqualTo(200);
                assertThat(System.nanoTime() - begun).as("nanoseconds").isLessThan(5_000_000_000L);
            }
        } finally {
            for (final Socket socket : idle) {
                socket.close();
            }
        }
    }
}
