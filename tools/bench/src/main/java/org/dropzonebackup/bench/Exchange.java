package org.dropzonebackup.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One request and its answer on a connection of its own, byte by byte as a test wants it. Not safe for threads.
 */
public final class Exchange implements AutoCloseable {

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    /** Connects. */
    public Exchange(final Server server) throws IOException {
        socket = server.connect();
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param text head and body
     */
    public record Answer(int status, String text) {
    }

    /** Sends text, a byte for each character. */
    public Exchange send(final String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public Exchange send(final byte... bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /** Sends bytes in the form of a chunk (RFC 9112, section 7.1); none: the last one. */
    public Exchange sendChunk(final byte... bytes) throws IOException {
        final ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.length + 16);
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return send(chunk.toByteArray());
    }

    /**
     * Sends a body in pieces, or as much of it as the server takes before it refuses it, and reads the answer.
     *
     * @throws IOException if there is none
     */
    public Answer answerTo(final List<byte[]> body, final boolean chunked) throws IOException {
        try {
            for (final byte[] piece : body) {
                if (chunked) {
                    sendChunk(piece);
                } else {
                    send(piece);
                }
            }
            if (chunked) {
                sendChunk();
            }
        } catch (final IOException refusedOrGone) {
            return answer();
        }
        return answer();
    }

    /** Tells the server that nothing more will be sent. */
    public Exchange end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Breaks the connection in both directions: what is under way is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** All that the server sends until it closes; it has to be asked to. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /**
     * The answer after which the server closes, since the request had {@code Connection: close} or was refused.
     *
     * @throws IOException if the connection breaks before, or there is none
     */
    public Answer answer() throws IOException {
        final String text = readAll();
        if (!text.startsWith("HTTP/1.1 ") || !text.contains("\r\n\r\n")) {
            throw new IOException("no answer but '" + text + "'");
        }
        return new Answer(Integer.parseInt(text.substring(9, 12)), text);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
