package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory in which a server runs that takes anonymous uploads, and what is in its box.
 *
 * @param directory for the log and the users file
 * @param box where the uploads go
 */
record Scene(Path directory, Path box) {

    /** A new one in an empty directory. */
    static Scene in(final Path directory) throws IOException {
        return new Scene(directory, Files.createDirectories(directory.resolve("box")));
    }

    /** How the server is started here. */
    Server.Command command(final String... options) throws IOException {
        final Path users = Sender.enter(directory.resolve("users.properties"), box);
        return Server.Command.of(Path.of(System.getProperty("dropzone.server.jar")), directory.resolve("log"),
                Stream.concat(Stream.of(options), Stream.of("--upload-base-dir", directory.toString(),
                        "--anonymous-dir", box.toString(), "--users-file", users.toString(),
                        "--free-space-reserve", "0")).toArray(String[]::new)).briefly();
    }

    /** Whole names of what lies in the box, staging files too. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Removes all that lies in the box. */
    void empty() throws IOException {
        for (final String name : names()) {
            Files.delete(box.resolve(name));
        }
    }

    /** Bytes that have come of the only upload in pieces that is under way. */
    long staged() throws IOException {
        final String data = names().stream().filter(name -> name.endsWith(".upload.~tmp")).findFirst().orElseThrow();
        return Files.size(box.resolve(data));
    }

    /** The head of a request for a raw upload, but for the empty line at its end; of the {@link Sender}, if of nobody else. */
    static String put(final String name, final String... headers) {
        final boolean sent = Stream.of(headers).anyMatch(header -> header.startsWith("Username"));
        return "PUT /upload/" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + (sent ? "" : Sender.HEADERS)
                + String.join("", Stream.of(headers).map(header -> header + "\r\n").toList());
    }

    /** Uploads a file in one go. */
    static Exchange.Answer upload(final Server server, final String name, final byte... content) throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            exchange.send(put(name, "Content-Length: " + content.length) + "\r\n");
            try {
                exchange.send(content);
            } catch (final IOException refusedAlready) {
                return exchange.answer();
            }
            return exchange.answer();
        }
    }

    /** Begins to upload in chunks, and sends the first. */
    static Exchange begin(final Server server, final String name, final byte... first) throws IOException {
        return new Exchange(server).send(put(name, "Transfer-Encoding: chunked") + "\r\n").sendChunk(first);
    }

    static int count(final String text, final String what) {
        return text.split(Pattern.quote(what), -1).length - 1;
    }

    /** Waits until something is so, for ten seconds at most. */
    static boolean eventually(final Condition condition) throws IOException {
        final long deadline = System.nanoTime() + 10_000_000_000L;
        boolean met = condition.isMet();
        while (!met && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(10_000_000);
            met = condition.isMet();
        }
        return met;
    }

    /** Something that becomes true. */
    interface Condition {
        boolean isMet() throws IOException;
    }
}
