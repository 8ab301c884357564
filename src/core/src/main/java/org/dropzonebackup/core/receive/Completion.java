package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.PendingUpload;

/**
 * The completion of an upload resource all of whose bytes came: while it {@link #readsBack}, {@link #readBack}; then
 * {@link #commit}, and all this again until there are receipts. A file is published as it is; a body is read back, and the files
 * in it are staged and published like those of a request. {@link Append#complete} makes it, and closing the append closes it.
 *
 * <p>A refusal that is not {@linkplain org.dropzonebackup.core.refusal.Refusal#isRetryable retryable} removes the upload
 * resource. After any other exception it is as it was at its last checkpoint. Not safe for threads.
 */
public final class Completion {

    /** Bytes of a body that are read back at a time. */
    private static final long STEP = 64 << 20;
    private static final int BUFFER = 1 << 17;

    private final Append append;
    private final PendingUpload upload;
    private final UploadTransaction transaction;
    private final BodyParser.Factory parsers;
    /** Of a body; null before it is read back. */
    private BodyParser parser;
    private long position;
    /** Whether nothing of the body is left to be read back. */
    private boolean parsed;

    /**
     * @param transaction of the files; closed by this if they are those in a body
     */
    Completion(final Append append, final PendingUpload upload, final UploadTransaction transaction,
            final BodyParser.Factory parsers) {
        this.append = append;
        this.upload = upload;
        this.transaction = transaction;
        this.parsers = parsers;
        this.parsed = !append.isBody();
    }

    /** Whether bytes have to be read before it goes on: of the upload resource, or of a stored file that is compared. */
    public boolean readsBack() {
        return !parsed || append.readsBack() || transaction.readsBack();
    }

    /**
     * Reads more of them, in a step of bounded length.
     *
     * @return whether there is more to read
     * @throws RefusedException if a file is refused
     * @throws IOException if the store fails
     */
    public boolean readBack() throws RefusedException, IOException {
        removingRefused(() -> {
            if (!parsed) {
                parse();
            } else if (append.readsBack()) {
                append.readBack();
            } else {
                transaction.readBack();
            }
            return List.of();
        });
        return readsBack();
    }

    private void parse() throws RefusedException, IOException {
        if (parser == null) {
            parser = append.beginBody(transaction, parsers);
        }
        final long end = append.offset();
        final long next = Math.min(end, position + STEP);
        read(upload, position, next, parser::accept);
        position = next;
        if (position == end) {
            parser.end();
            parsed = true;
        }
    }

    /** Takes bytes that are read back. */
    interface Reader<X extends Exception> {
        void accept(ByteBuffer bytes) throws X, IOException;
    }

    /** Reads back bytes that were written to an upload resource. */
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

    /**
     * Publishes the file, or the files of a body, if quota, names and digests still allow it. The bytes need no checkpoint
     * before. A length that is not known yet becomes what is there.
     *
     * @return the receipts, which a look at the upload resource gives from now on; none if it {@link #readsBack} now
     * @throws RefusedException if a file cannot be published; then none is
     * @throws IOException if the store fails
     */
    public List<Receipt> commit() throws RefusedException, IOException {
        if (!parsed) {
            throw new IllegalStateException("a body is read back before its files are published");
        }
        final List<Receipt> receipts =
                removingRefused(() -> append.isBody() || append.prepareFile() ? transaction.commit() : List.of());
        if (!receipts.isEmpty()) {
            append.finish(receipts);
        }
        return receipts;
    }

    private interface Step {
        List<Receipt> run() throws RefusedException, IOException;
    }

    private List<Receipt> removingRefused(final Step step) throws RefusedException, IOException {
        try {
            return step.run();
        } catch (final RefusedException e) {
            if (!e.refusal().isRetryable()) {
                append.remove();
            }
            throw e;
        }
    }

    /** The bytes of a file, and their reservation, are the append's to close. */
    void close() throws IOException {
        if (append.isBody()) {
            transaction.close();
        }
    }
}
