package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are reset by the hundred, whatever the server is at for them just then: an upload that begins, is read by
 * one thread or another, or is made durable.
 */
class ResetsIT {

    private static final int CLIENTS = 4;
    private static final int RESETS = 400;
    /** Bytes. None of them ever arrives whole. */
    private static final int SIZE = 40 << 20;
    private static final int[] SENT = {100, 5_000, 70_000, 300_000, 1 << 20, 3 << 20};
    private static final int LONGEST_WAIT_NANOS = 4_000_000;

    @TempDir
    private Path directory;
    private final Queue<String> resumable = new ConcurrentLinkedQueue<>();
    private final byte[] bytes = Content.random(new Random(1), 3 << 20).bytes();
    @AutoClose
    private Server server;

    @Test
    @Timeout(120)
    void noneKeepsAnythingOrTakesAnythingFromOthers() throws Exception {
        final Scene scene = Scene.in(directory);
        server = Server.start(scene.command());
        final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        final List<Future<?>> storms = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            final int number = i;
            storms.add(clients.submit(() -> {
                storm(number);
                return null;
            }));
        }
        clients.shutdown();
        final List<String> whole = new ArrayList<>();
        while (storms.stream().anyMatch(storm -> !storm.isDone())) {
            final String name = "whole" + whole.size();
            assertThat(Scene.upload(server, name, wholeContent(whole.size())).status()).as(name).isEqualTo(200);
            whole.add(name);
        }
        for (final Future<?> storm : storms) {
            storm.get();
        }
        for (final String upload : resumable) {
            assertThat(Scene.eventually(() -> Tus.ask(server, "DELETE", upload).status() == 204)).as("nobody has %s", upload).isTrue();
        }
        assertThat(whole).isNotEmpty();
        assertThat(Scene.eventually(() -> scene.names().size() == whole.size())).as("%s", scene.names()).isTrue();
        for (int i = 0; i < whole.size(); i++) {
            assertThat(scene.box().resolve(whole.get(i))).hasBinaryContent(wholeContent(i));
        }
        assertThat(Files.readString(directory.resolve("log"))).as("who goes is no fault of the server's")
                .doesNotContain("SEVERE", "\tat ");
    }

    private byte[] wholeContent(final int number) {
        return Arrays.copyOf(bytes, SENT[number % SENT.length] + number);
    }

    private void storm(final int client) throws IOException {
        final Random random = new Random(client);
        for (int i = 0; i < RESETS / CLIENTS; i++) {
            final Exchange exchange = new Exchange(server).send(head(i, client + "-" + i));
            try {
                exchange.send(Arrays.copyOf(bytes, SENT[random.nextInt(SENT.length)]));
            } finally {
                LockSupport.parkNanos(random.nextInt(LONGEST_WAIT_NANOS));
                exchange.reset();
            }
        }
    }

    private String head(final int kind, final String name) throws IOException {
        return switch (kind % 3) {
            case 0 -> {
                final String upload = Tus.create(server, name, SIZE);
                resumable.add(upload);
                yield Tus.head("PATCH", upload, Tus.PIECE, "Upload-Offset: 0", "Content-Length: " + SIZE) + "\r\n";
            }
            case 1 -> Scene.put(name, "Content-Length: " + SIZE) + "\r\n";
            default -> "POST /upload HTTP/1.1\r\nHost: localhost\r\n" + Sender.HEADERS + "Content-Length: " + SIZE
                    + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=f; filename=" + name + "\r\n\r\n";
        };
    }
}
