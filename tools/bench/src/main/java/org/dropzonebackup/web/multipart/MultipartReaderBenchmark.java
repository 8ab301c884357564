package org.dropzonebackup.web.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.dropzonebackup.core.refusal.RefusedException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The search for the boundary: bodies of 1 MiB with one file each, as a browser sends them, a second. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MultipartReaderBenchmark {

    private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW0";
    private static final int LENGTH = 1 << 20;

    /** What a file is full of: anything, line ends, or beginnings of the boundary, which is the worst for the search. */
    @Param({"random", "lines", "dashes"})
    private String content;

    /** How many bytes come at a time. */
    @Param({"8192", "65536", "262144"})
    private int piece;

    private byte[] body;

    /** Makes the body. */
    @Setup
    public void fill() {
        final byte[] file = new byte[LENGTH];
        new Random(1).nextBytes(file);
        final byte[] pattern = content.equals("lines") ? "\r\n".getBytes(StandardCharsets.ISO_8859_1)
                : ("\r\n--" + BOUNDARY.substring(0, BOUNDARY.length() - 1)).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < LENGTH && !content.equals("random"); i++) {
            file[i] = pattern[i % pattern.length];
        }
        final byte[] head = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        final byte[] tail = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
        body = ByteBuffer.allocate(head.length + LENGTH + tail.length).put(head).put(file).put(tail).array();
    }

    /** Reads one body. */
    @Benchmark
    public void read(final Blackhole hole) throws RefusedException {
        final MultipartReader reader = new MultipartReader(BOUNDARY);
        for (int from = 0; from < body.length; from += piece) {
            final ByteBuffer in = ByteBuffer.wrap(body, from, Math.min(piece, body.length - from));
            MultipartReader.Event event = reader.next(in);
            while (event != MultipartReader.Event.NEED_INPUT) {
                hole.consume(reader.data());
                event = reader.next(in);
            }
        }
        if (!reader.ended()) {
            throw new IllegalStateException("the end was not found");
        }
    }
}
