package org.dropzonebackup.web;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Speaks HTTP byte by byte, for what no HTTP client would send. Not safe for threads. */
public final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /**
     * @throws IOException if nothing listens there
     */
    public RawConnection(final URL server) throws IOException {
        this(new Socket(server.getHost(), server.getPort()));
    }

    /** Takes over a socket that is connected already; reading fails after 20 seconds of silence. */
    public RawConnection(final Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer; names of headers in lower case. */
    public record Answer(int status, Map<String, String> headers, String body) {
    }

    /** Sends text, each character as one byte. */
    public RawConnection send(final String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes as they are. */
    public RawConnection send(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Ends what is sent, as a client that was cut off; answers can still be read. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Reads the next answer, which may be an interim one.
     *
     * @throws EOFException if the server closes without one
     */
    public Answer read() throws IOException {
        final int status = Integer.parseInt(line().split(" ")[1]);
        final Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            final String[] header = line.split(":", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
        }
        return new Answer(status, headers, headers.containsKey("transfer-encoding") ? chunks()
                : text(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }

    private String chunks() throws IOException {
        final StringBuilder body = new StringBuilder();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.append(text(length));
            line();
        }
        line();
        return body.toString();
    }

    private String text(final int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Reads answers up to the one that is not an interim one. */
    public Answer readFinal() throws IOException {
        Answer answer = read();
        while (answer.status() < 200) {
            answer = read();
        }
        return answer;
    }

    /** Reads up to an answer that is not an interim one, or up to the end if the server closes without any. */
    public Optional<Answer> readFinalOrNone() throws IOException {
        try {
            return Optional.of(readFinal());
        } catch (final EOFException closed) {
            return Optional.empty();
        }
    }

    /** Whether the server has closed its side, which is waited for. */
    public boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
