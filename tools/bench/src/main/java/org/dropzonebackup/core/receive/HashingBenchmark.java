package org.dropzonebackup.core.receive;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dropzonebackup.core.store.Retainable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The digests of a file of 4 KiB, and of one of 16 MiB, that comes in pieces of a size: files a second. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashingBenchmark {

    private static final int LARGE = 16 << 20;
    private static final int SMALL = 4 << 10;

    /** Bytes of a piece. */
    @Param({"8192", "1048576"})
    private int piece;

    /** Whether another thread helps. */
    @Param({"false", "true"})
    private boolean helped;

    private ExecutorService helper;
    private ByteBuffer bytes;

    /** Fills the buffer. */
    @Setup
    public void fill() {
        final byte[] random = new byte[piece];
        new Random(1).nextBytes(random);
        bytes = ByteBuffer.wrap(random);
        helper = Executors.newSingleThreadExecutor();
    }

    /** Ends the other thread. */
    @TearDown
    public void end() {
        helper.shutdown();
    }

    /** SHA-256 alone, as of every file. */
    @Benchmark
    public String large() {
        return digest(new ContentDigests(Map.of(), helper), LARGE);
    }

    /** SHA-512 too, since the client sent one. */
    @Benchmark
    public String largeWithAnother() {
        return digest(new ContentDigests(Map.of(DigestAlgorithm.SHA_512, new byte[DigestAlgorithm.SHA_512.length()]), helper), LARGE);
    }

    /** A small file. */
    @Benchmark
    public String small() {
        return digest(new ContentDigests(Map.of(), helper), SMALL);
    }

    /** Memory that is there as long as it is wanted. */
    private static final class Held implements Retainable {

        @Override
        public boolean retain() {
            return true;
        }

        @Override
        public void release() {
            // It is everybody's
        }
    }

    private String digest(final ContentDigests digests, final int length) {
        for (int left = length; left > 0; left -= piece) {
            final ByteBuffer next = bytes.duplicate().limit(Math.min(left, piece));
            digests.update(next, helped ? new Held() : Retainable.NEVER);
        }
        digests.finish();
        return digests.sha256Hex();
    }
}
