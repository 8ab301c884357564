package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContentDigestsTest {

    private static final int LARGE = 256 * 1024;

    private final Random random = new Random(42);
    /** How many pieces of memory are held. */
    private final AtomicInteger held = new AtomicInteger();
    private final Retainable memory = new Retainable() {
        @Override
        public boolean retain() {
            return held.incrementAndGet() > 0;
        }

        @Override
        public void release() {
            held.decrementAndGet();
        }
    };

    @Test
    void digestsPiecesOfAnySizeInTheirOrder() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            assertSameDigest(threads);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void needsNoOtherThread() throws Exception {
        assertSameDigest(task -> {
            throw new RejectedExecutionException();
        });
    }

    @Test
    void waitsForNoThreadThatHasOtherThingsToDo() throws Exception {
        final List<Runnable> later = new ArrayList<>();
        final ContentDigests digests = new ContentDigests(Map.of(), later::add);
        final byte[] piece = bytes(LARGE);

        digests.update(ByteBuffer.wrap(piece), memory);
        assertThat(held).hasValue(1);
        assertThat(digests.isIdle()).isFalse();
        later.remove(0).run();
        assertThat(held).hasValue(0);
        digests.finish();
        assertThat(digests.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(piece));
    }

    @Test
    void occupiesOneThreadHoweverManyPiecesThereAre() throws Exception {
        final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
        final HangingDigest digest = new HangingDigest();
        final ContentDigests digests = digests(digest, turns::add);
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            digests.update(ByteBuffer.wrap(bytes(LARGE)), memory);
            final Future<?> turn = thread.submit(turns.remove());
            digest.begun.await();
            digests.update(ByteBuffer.wrap(bytes(LARGE)), memory);
            digests.update(ByteBuffer.wrap(bytes(10)), memory);
            assertThat(turns).isEmpty();
            assertThat(held).hasValue(3);

            digest.released.countDown();
            turn.get();
            assertThat(digest.taken).isEqualTo(2 * LARGE + 10);
            assertThat(turns).isEmpty();
            assertThat(held).hasValue(0);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void tellsWhatWentWrongOnAnotherThreadAndGivesTheMemoryBack() {
        final List<Runnable> later = new ArrayList<>();
        final MessageDigest faulty = new HangingDigest() {
            @Override
            protected void engineUpdate(final byte[] input, final int offset, final int length) {
                throw new OutOfMemoryError("as a test wants it");
            }
        };
        final ContentDigests digests = digests(faulty, later::add);
        digests.update(ByteBuffer.wrap(bytes(LARGE)), memory);
        later.get(0).run();

        assertThat(held).hasValue(0);
        assertThatThrownBy(digests::finish).isInstanceOf(IllegalStateException.class).hasCauseInstanceOf(OutOfMemoryError.class);
    }

    private static ContentDigests digests(final MessageDigest digest, final Executor threads) {
        final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);
        running.put(DigestAlgorithm.SHA_256, digest);
        return new ContentDigests(Map.of(), running, threads);
    }

    /** Whose first piece takes until it is told to end. */
    private static class HangingDigest extends MessageDigest {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private int taken;

        HangingDigest() {
            super("none");
        }

        @Override
        protected void engineUpdate(final byte input) {
            taken++;
        }

        @Override
        protected void engineUpdate(final byte[] input, final int offset, final int length) {
            begun.countDown();
            try {
                released.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            taken += length;
        }

        @Override
        protected byte[] engineDigest() {
            return new byte[0];
        }

        @Override
        protected void engineReset() {
            taken = 0;
        }
    }

    private void assertSameDigest(final Executor threads) throws Exception {
        final MessageDigest expected = MessageDigest.getInstance("SHA-256");
        final ContentDigests digests = new ContentDigests(Map.of(), threads);
        for (int i = 0; i < 300; i++) {
            final byte[] piece = bytes(random.nextInt(2 * LARGE));
            expected.update(piece);
            final ByteBuffer given = ByteBuffer.wrap(piece);
            digests.update(given, random.nextInt(4) > 0 ? memory : Retainable.NEVER);
            assertThat(given.remaining()).isEqualTo(piece.length);
        }
        digests.finish();
        assertThat(digests.sha256Hex()).isEqualTo(HexFormat.of().formatHex(expected.digest()));
        assertThat(held).hasValue(0);
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
