package org.dropzonebackup.launcher;

import java.io.IOException;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.dropzonebackup.web.Way;

/** A file that bob sends, by any way. */
final class BobsUpload {

    private BobsUpload() {
    }

    /**
     * The head of the first request.
     *
     * @param length of the file
     */
    static String head(final Way way, final String name, final int length, final String... headers) {
        return way.head("/", "", name, length, headers).replace("Username: alice", "Username: bob");
    }

    /** The first request. */
    static String request(final Way way, final String name, final String content, final String... headers) {
        final String body = body(way, name, content);
        return head(way, name, content.length(),
                Stream.concat(Stream.of(headers), Stream.of("Content-Length: " + body.length())).toArray(String[]::new)) + body;
    }

    /** The body of the first request. */
    static String body(final Way way, final String name, final String content) {
        return way.body(name, content).replace("name=username\r\n\r\nalice", "name=username\r\n\r\nbob");
    }

    /** Sends a request on a connection of its own. */
    static Answer ask(final ServerProcess server, final String request) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send(request).readFinal();
        }
    }
}
