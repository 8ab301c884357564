package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Requests of tus, byte by byte, without a user unless headers name one. */
final class Tus {

    static final String PIECE = "Content-Type: application/offset+octet-stream";

    private Tus() {
    }

    /** The head of a request, but for the empty line at its end. */
    static String head(final String method, final String path, final String... headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\n"
                + String.join("", Stream.of(headers).map(header -> header + "\r\n").toList());
    }

    /** Asks something that has no body. */
    static Exchange.Answer ask(final Server server, final String method, final String path, final String... headers)
            throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            return exchange.send(head(method, path, headers) + "\r\n").answer();
        }
    }

    /** Makes an upload; its path. */
    static String create(final Server server, final String name, final long length, final String... headers) throws IOException {
        final Exchange.Answer made = ask(server, "POST", "/files/", Stream.concat(Stream.of("Upload-Length: " + length,
                named(name)), Stream.of(headers)).toArray(String[]::new));
        return "/files/" + header(made, "Location");
    }

    static String named(final String name) {
        return "Upload-Metadata: filename " + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins to send a piece, of which perhaps only a part follows. */
    static Exchange begin(final Server server, final String upload, final long offset, final int length, final byte... part)
            throws IOException {
        return new Exchange(server).send(
                head("PATCH", upload, PIECE, "Upload-Offset: " + offset, "Content-Length: " + length) + "\r\n").send(part);
    }

    static Exchange.Answer patch(final Server server, final String upload, final long offset, final byte... piece)
            throws IOException {
        try (Exchange exchange = begin(server, upload, offset, piece.length, piece)) {
            return exchange.answer();
        }
    }

    /** How far an upload is. */
    static long offset(final Server server, final String upload) throws IOException {
        return Long.parseLong(header(ask(server, "HEAD", upload), "Upload-Offset"));
    }

    static String header(final Exchange.Answer answer, final String name) throws IOException {
        final Matcher line = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(answer.text());
        if (!line.find()) {
            throw new IOException("no " + name + " in " + answer.text());
        }
        return line.group(1);
    }
}
