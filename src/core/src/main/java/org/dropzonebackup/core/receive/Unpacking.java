package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.PendingUpload;

/** A body that is complete and is read back, for the files in it. Belongs to one {@link Append}; not safe for threads. */
final class Unpacking {

    private static final int BUFFER = 1 << 17;

    private final PendingUpload body;
    private final long end;
    private final BodyParser parser;
    private long position;

    /**
     * @param end bytes of the body
     * @param parser finds the files
     */
    Unpacking(final PendingUpload body, final long end, final BodyParser parser) {
        this.body = body;
        this.end = end;
        this.parser = parser;
    }

    /**
     * Reads more.
     *
     * @param most bytes
     * @throws RefusedException as the parser throws it
     * @throws IOException as the parser throws it, or if the store fails
     */
    void readOn(final long most) throws RefusedException, IOException {
        final long next = Math.min(end, position + most);
        read(body, position, next, parser::accept);
        if (next == end) {
            parser.end();
        }
        position = next;
    }

    boolean isOver() {
        return position == end;
    }

    /** Takes bytes that are read back. */
    interface Reader<X extends Exception> {
        void accept(ByteBuffer bytes) throws X, IOException;
    }

    /** Reads back what was written to an upload resource. */
    static <X extends Exception> void read(final PendingUpload upload, final long from, final long to, final Reader<X> reader)
            throws X, IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long position = from; position < to; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER, to - position));
            if (upload.read(buffer, position) <= 0) {
                throw new IOException("an upload has fewer bytes than it should: " + position + " of " + to);
            }
            reader.accept(buffer.flip());
        }
    }
}
