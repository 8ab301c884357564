package org.dropzonebackup.bench.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.bench.Exchange;
import org.dropzonebackup.bench.Sender;
import org.dropzonebackup.bench.Server;

/** What the clients of a {@link StressProgram} send, and how long they wait. Safe for threads. */
final class Client {

    private static final String BOUNDARY = "b";
    private static final byte[] PIECE = new byte[1 << 20];

    private final Server server;

    Client(final Server server) {
        this.server = server;
    }

    /** A small file under a name. */
    void put(final Waits waits, final String user, final String name, final int length) throws IOException {
        final long begun = System.nanoTime();
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(head("PUT /upload/" + name, user, "Content-Length: " + length));
            end(waits, begun, exchange, List.of(new byte[length]));
        }
    }

    /** Several small files, all or none. */
    void form(final Waits waits, final String user, final List<String> names, final int length) throws IOException {
        final StringBuilder body = new StringBuilder();
        for (final String name : names) {
            body.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=f; filename=").append(name)
                    .append("\r\n\r\n").append("x".repeat(length)).append("\r\n");
        }
        body.append("--" + BOUNDARY + "--\r\n");
        final long begun = System.nanoTime();
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(head("POST /upload", user, "Content-Type: multipart/form-data; boundary=" + BOUNDARY,
                    "Content-Length: " + body.length()));
            end(waits, begun, exchange, List.of(body.toString().getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** A file that is stored, with its digest: the client waits for the server to compare them before it sends any of it. */
    void retry(final Waits waits, final String user, final String name, final long length, final String digest) throws IOException {
        final long begun = System.nanoTime();
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(head("PUT /upload/" + name, user, "Content-Length: " + length, "Expect: 100-continue",
                    "Repr-Digest: sha-256=:" + digest + ":"));
            waits.answered(exchange.answer().status(), System.nanoTime() - begun);
        }
    }

    /** A large file as fast as it can be sent; what is waited for is the answer after its last byte. */
    void large(final Waits waits, final String user, final String name, final int mebibytes) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(head("PUT /upload/" + name, user, "Content-Length: " + (long) mebibytes * PIECE.length));
            for (final byte[] piece : Collections.nCopies(mebibytes, PIECE)) {
                exchange.send(piece);
            }
            end(waits, System.nanoTime(), exchange, List.of());
        }
    }

    /** Begins to send, and sends nothing more; what is waited for is that the server says so after the idle time. */
    void idle(final Waits waits, final String user, final String name, final int idleSeconds) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(head("PUT /upload/" + name, user, "Content-Length: 1000") + "begun");
            end(waits, System.nanoTime() + TimeUnit.SECONDS.toNanos(idleSeconds), exchange, List.of());
        }
    }

    private static void end(final Waits waits, final long begun, final Exchange exchange, final List<byte[]> body)
            throws IOException {
        final int status = exchange.answerTo(body, false).status();
        waits.answered(status, System.nanoTime() - begun);
    }

    private static String head(final String request, final String user, final String... headers) {
        return request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.headers(user)
                + String.join("\r\n", headers) + "\r\n\r\n";
    }
}
