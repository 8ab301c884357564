package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Small uploads in chunks, sent once for each place where the request can be cut in two, or for each two places within its
 * body. A piece is sent when the server has read the one before it, so that reads bring every part of the framing alone;
 * whatever they bring, each upload is stored.
 */
public final class CutUploads {

    /** Enough that it does not matter how long one takes, and fewer than a container has threads. */
    private static final int AT_ONCE = 150;
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final String CONTENT = "hello";
    private static final String FRAMED = "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    /** With what else may stand between the bytes: an extension, a leading zero, a trailer. */
    private static final String ORNATE = "2;x=\"1\"\r\nhe\r\n03\r\nllo\r\n0\r\nSome: trailer\r\n\r\n";
    /** A connection's state; of those that are over there are thousands. */
    private static final String ESTABLISHED = " 01 ";
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private final URL root;
    private final String user;
    private final String password;
    private final Path box;
    private final int cuts;
    private int sent;

    /**
     * @param root of the application
     * @param box where the user's files go
     * @param cuts of each request: 1 anywhere, or 2 within the body
     */
    public CutUploads(final URL root, final String user, final String password, final Path box, final int cuts) {
        this.root = root;
        this.user = user;
        this.password = password;
        this.box = box;
        this.cuts = cuts;
    }

    /** Where cuts are made, from the front. */
    private record Cuts(List<Integer> places) {

        List<String> pieces(final String request) {
            final List<String> pieces = new ArrayList<>();
            int from = 0;
            for (final int place : places) {
                pieces.add(request.substring(from, place));
                from = place;
            }
            pieces.add(request.substring(from));
            return pieces;
        }
    }

    private interface Head {
        String of(String name) throws IOException;
    }

    /** How a file comes. */
    public enum Kind {
        /** As the body of a PUT. */
        RAW,
        /** In the form of a program. */
        FORM,
        /** In the form of the page, after the fields that let it in. */
        PAGE,
        /** By a PATCH of tus 1.0. */
        TUS,
        /** By a PATCH of the IETF's draft. */
        DRAFT
    }

    /** Sends all uploads of a kind, and looks whether each is stored. */
    public void send(final Kind kind) throws IOException {
        switch (kind) {
            case RAW -> {
                for (final String body : List.of(FRAMED, ORNATE)) {
                    sendAll(name -> head("PUT", "upload/" + name, ""), body);
                }
            }
            case FORM -> sendForms("upload", "");
            case PAGE -> sendForms("upload.xhtml", chunk("--b\r\nContent-Disposition: form-data; name=username\r\n\r\n" + user
                    + "\r\n--b\r\nContent-Disposition: form-data; name=password\r\n\r\n" + password + "\r\n"));
            case TUS -> sendAll(name -> head("PATCH", resource("POST", "files", "Tus-Resumable: 1.0.0\r\nUpload-Length: "
                    + CONTENT.length() + "\r\nUpload-Metadata: filename " + Base64.getEncoder().encodeToString(name.getBytes())),
                    "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"), FRAMED);
            case DRAFT -> sendAll(name -> head("PATCH", resource("PUT", "upload/" + name, "Upload-Complete: ?0"),
                    "Upload-Complete: ?1\r\nUpload-Offset: 0\r\nContent-Type: application/partial-upload\r\n"), FRAMED);
        }
    }

    private void sendForms(final String path, final String fields) throws IOException {
        sendAll(name -> head("POST", path, "Content-Type: multipart/form-data; boundary=b\r\n") + fields
                + chunk("--b\r\nContent-Disposition: form-data; name=f; filename=" + name + "\r\n\r\n"),
                chunk(CONTENT + "\r\n--b--") + "0\r\n\r\n");
    }

    /** @return the path of a new one, relative to the application's */
    private String resource(final String method, final String path, final String headers) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            final RawConnection.Answer made = connection.send(start(method, path) + headers + "\r\nContent-Length: 0\r\n\r\n").readFinal();
            assertThat(made.status()).isEqualTo(201);
            final URI base = URI.create(root.toString());
            return base.relativize(base.resolve(path).resolve(made.headers().get("location"))).toString();
        }
    }

    private String head(final String method, final String path, final String headers) {
        return start(method, path) + headers + "Transfer-Encoding: chunked\r\n\r\n";
    }

    private String start(final String method, final String path) {
        return method + " " + root.getPath() + path + " HTTP/1.1\r\nHost: " + root.getAuthority() + "\r\nUsername: " + user
                + "\r\nPassword: " + password + "\r\n";
    }

    private static String chunk(final String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private void sendAll(final Head head, final String body) throws IOException {
        final int first = sent;
        final List<Cuts> all = cuts(head.of(nextName()).length(), body.length());
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            final List<List<String>> requests = new ArrayList<>();
            for (final Cuts cuts : all.subList(from, Math.min(all.size(), from + AT_ONCE))) {
                requests.add(cuts.pieces(head.of(nextName()) + body));
            }
            sendAtOnce(requests);
        }
        for (int number = first + 1; number < sent; number++) {
            assertThat(box.resolve(name(number))).hasContent(CONTENT);
        }
    }

    private String nextName() {
        return name(sent++);
    }

    /** All are equally long. */
    private String name(final int number) {
        return "cut-%d-%05d".formatted(cuts, number);
    }

    private List<Cuts> cuts(final int head, final int body) {
        final int end = head + body;
        if (cuts == 1) {
            return IntStream.range(1, end).mapToObj(place -> new Cuts(List.of(place))).toList();
        }
        return IntStream.range(head, end).boxed().flatMap(first -> IntStream.range(first + 1, end)
                .mapToObj(second -> new Cuts(List.of(first, second)))).toList();
    }

    private void sendAtOnce(final List<List<String>> requests) throws IOException {
        final List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < requests.size(); i++) {
                connections.add(new RawConnection(root));
            }
            final int most = requests.stream().mapToInt(List::size).max().orElseThrow();
            for (int piece = 0; piece < most; piece++) {
                for (int i = 0; i < requests.size(); i++) {
                    if (piece < requests.get(i).size()) {
                        connections.get(i).send(requests.get(i).get(piece));
                    }
                }
                await("the server to read what was sent").pollInterval(LOOK).until(this::allIsRead);
            }
            for (int i = 0; i < requests.size(); i++) {
                final String cut = String.join("|", requests.get(i)).replace("\r", "\\r").replace("\n", "\\n");
                assertThat(connections.get(i).readFinalOrNone().map(RawConnection.Answer::status)).as(cut).hasValueSatisfying(
                        status -> assertThat(status).as(cut).isIn(200, 204));
            }
        } finally {
            for (final RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    /** Whether the system holds nothing that was sent to the server; only Linux can tell. */
    private boolean allIsRead() throws IOException {
        final String port = ":%04X".formatted(root.getPort());
        for (final Path sockets : SOCKETS) {
            if (Files.exists(sockets)) {
                try (Stream<String> lines = Files.lines(sockets)) {
                    if (lines.filter(line -> line.contains(ESTABLISHED)).anyMatch(line -> isUnread(line.strip().split("\\s+"), port))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * @param socket its number, own address, peer's address, state, bytes unsent and unread
     */
    private static boolean isUnread(final String[] socket, final String server) {
        return socket[1].endsWith(server) && !socket[4].endsWith(":00000000")
                || socket[2].endsWith(server) && !socket[4].startsWith("00000000:");
    }
}
