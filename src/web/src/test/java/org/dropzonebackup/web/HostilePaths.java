package org.dropzonebackup.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Paths that lead out of where they begin once somebody resolves them again, and who may send them. */
public final class HostilePaths {

    /** Relative to the application's root. */
    private static final List<String> PATHS = List.of(
            "upload/..%2f..%2fx", "upload/..%2F..%2Fx", "upload/%2e%2e%2fx", "upload/%2E.%2f%2e%2E%2fx", "upload/..%5c..%5cx",
            "upload/..%5Cx", "upload/..%2F", "upload/..%5C", "upload/a%2F..%2F..%2Fx", "upload/a%2f..%2fb", "upload/.%2f.%2fx",
            "upload/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "upload/x%2f..%5c..%2fy", "upload/x/..;a=b%2f..%2fx",
            "files/..%2f..%2fx", "files/..%5cx", "files/..%2F", "upload-resources/..%2f..%2fx", "upload-resources/..%2Fupload%2fx",
            "login%2f..%2fupload", "challenge%2f..%2fupload");

    private HostilePaths() {
    }

    /** A path, and headers that say who sends. */
    public record Request(String method, String path, String sender) {

        /** Sends a byte there. */
        public RawConnection.Answer sendTo(final RawConnection connection, final String root) throws IOException {
            return connection.send(method + " " + root + path + " HTTP/1.1\r\nHost: x\r\n" + sender
                    + "Tus-Resumable: 1.0.0\r\nContent-Length: 1\r\n\r\nx").readFinal();
        }
    }

    /**
     * Each path with each sender.
     *
     * @param user who may upload
     * @param password of that user, in ASCII
     */
    public static Stream<Request> of(final String user, final String password) {
        final List<String> senders = List.of("", "Username: nobody\r\nPassword: x\r\n", basic("nobody:x"),
                "Username: " + user + "\r\nPassword: " + password + "\r\n", basic(user + ":" + password),
                "Username: " + user + "\r\n", "Authorization: Bearer x\r\n");
        return PATHS.stream().flatMap(path -> senders.stream().flatMap(sender ->
                Stream.of("PUT", "POST").map(method -> new Request(method, path, sender))));
    }

    private static String basic(final String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }
}
