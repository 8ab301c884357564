package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.bench.Ledger.Outcome;
import org.dropzonebackup.bench.Ledger.Request;

/**
 * Uploads of all kinds without an end: raw with a length and in chunks, forms of many files, names that are
 * new and names that others use at the same time. One for each thread.
 */
final class Uploads implements Runnable {

    private static final int COMMON_NAMES = 6;
    private static final String BOUNDARY = "----boundary";

    private final Server server;
    private final Ledger ledger;
    private final Random random;
    private final AtomicInteger names;

    /**
     * @param names counts the new names that all share
     */
    Uploads(final Server server, final Ledger ledger, final Random random, final AtomicInteger names) {
        this.server = server;
        this.ledger = ledger;
        this.random = random;
        this.names = names;
    }

    /** Until the server is gone. */
    @Override
    public void run() {
        boolean there = true;
        while (there) {
            final Request request = ledger.request();
            Outcome outcome = Outcome.UNKNOWN;
            try (Exchange exchange = new Exchange(server)) {
                final int status = random.nextInt(3) == 0 ? sendForm(exchange, request) : sendRaw(exchange, request);
                outcome = status == 200 ? Outcome.STORED : Outcome.REFUSED;
            } catch (final IOException gone) {
                there = false;
            }
            request.ended(outcome);
        }
    }

    private int sendRaw(final Exchange exchange, final Request request) throws IOException {
        final Content content = Content.random(random, size());
        final String name = name();
        request.file(name, content);
        final boolean chunked = random.nextBoolean();
        exchange.send("PUT /upload/" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + content.bytes().length) + "\r\n\r\n");
        return exchange.answerTo(pieces(content.bytes()), chunked).status();
    }

    private int sendForm(final Exchange exchange, final Request request) throws IOException {
        final List<byte[]> body = new ArrayList<>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            final Content content = Content.random(random, size() / 4);
            final String name = i == 1 ? name() : newName();
            request.file(name, content);
            body.add(bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name
                    + "\"\r\n\r\n"));
            body.addAll(pieces(content.bytes()));
            body.add(bytes("\r\n"));
        }
        body.add(bytes("--" + BOUNDARY + "--\r\n"));
        exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS + "Content-Length: "
                + body.stream().mapToInt(piece -> piece.length).sum()
                + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\n\r\n");
        return exchange.answerTo(body, false).status();
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String name() {
        return random.nextInt(3) == 0 ? directories() + "common-" + random.nextInt(COMMON_NAMES) : newName();
    }

    private String newName() {
        return directories() + "new-" + names.incrementAndGet();
    }

    /** None, some that others use too, or one that nobody else uses. */
    private String directories() {
        return switch (random.nextInt(4)) {
            case 0 -> "d" + random.nextInt(3) + "/e" + random.nextInt(3) + "/";
            case 1 -> "own-" + names.incrementAndGet() + "/e/";
            default -> "";
        };
    }

    /** Mostly small, sometimes some megabytes. */
    private int size() {
        return random.nextInt(10) == 0 ? random.nextInt(4 << 20) : random.nextInt(100_000);
    }

    private List<byte[]> pieces(final byte[] all) {
        final int length = 1 + random.nextInt(1 << 17);
        final List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < all.length; from += length) {
            pieces.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + length)));
        }
        return pieces;
    }
}
