package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverlappedDigestsTest {

    private final Random random = new Random(42);

    @Test
    void takesTheDigestOfPiecesOfAnySizeInTheirOrder() throws Exception {
        final ExecutorService helpers = Executors.newFixedThreadPool(3);
        try {
            assertSameDigest(helpers);
        } finally {
            helpers.shutdown();
        }
    }

    @Test
    void needsNoHelper() throws Exception {
        assertSameDigest(task -> {
            throw new RejectedExecutionException();
        });
    }

    @Test
    void takesTheDigestsItselfWhenTooMuchIsWaiting() throws Exception {
        final List<Runnable> neverRun = new ArrayList<>();
        assertSameDigest(neverRun::add);
        assertThat(neverRun).isNotEmpty();
    }

    @Test
    void doesNotWaitForAHelperThatHasOtherThingsToDo() throws Exception {
        final List<Runnable> later = new ArrayList<>();
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final OverlappedDigests digests = new OverlappedDigests(List.of(digest), later::add);
        final byte[] piece = bytes(5000);
        final AtomicBoolean taken = new AtomicBoolean();

        digests.updateLater(ByteBuffer.wrap(piece), () -> taken.set(true));
        assertThat(taken).isFalse();
        later.forEach(Runnable::run);
        assertThat(taken).isTrue();
        assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(piece));
    }

    @Test
    void occupiesOneHelperHoweverManyPiecesThereAre() throws Exception {
        final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
        final HangingDigest digest = new HangingDigest();
        final OverlappedDigests digests = new OverlappedDigests(List.of(digest), asked::add);
        final ExecutorService helper = Executors.newSingleThreadExecutor();
        try {
            digests.updateLater(ByteBuffer.wrap(bytes(10)), () -> { });
            final Future<?> helping = helper.submit(asked.remove());
            digest.begun.await();
            digests.updateLater(ByteBuffer.wrap(bytes(10)), () -> { });
            digests.updateLater(ByteBuffer.wrap(bytes(10)), () -> { });
            assertThat(asked).isEmpty();

            digest.released.countDown();
            helping.get();
            assertThat(asked).as("the next piece, behind those of others").hasSize(1);
            asked.remove().run();
            asked.remove().run();
            assertThat(digest.taken).isEqualTo(30);
            assertThat(asked).isEmpty();
        } finally {
            helper.shutdownNow();
        }
    }

    @Test
    void tellsWhatWentWrongOnAHelperAndGivesTheMemoryBack() {
        final List<Runnable> later = new ArrayList<>();
        final MessageDigest faulty = new HangingDigest() {
            @Override
            protected void engineUpdate(final byte[] input, final int offset, final int length) {
                throw new OutOfMemoryError("as a test wants it");
            }
        };
        final OverlappedDigests digests = new OverlappedDigests(List.of(faulty), later::add);
        final AtomicBoolean released = new AtomicBoolean();
        digests.updateLater(ByteBuffer.wrap(bytes(10)), () -> released.set(true));
        later.get(0).run();

        assertThat(released).isTrue();
        assertThatThrownBy(digests::await).isInstanceOf(IllegalStateException.class).hasCauseInstanceOf(OutOfMemoryError.class);
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

    private void assertSameDigest(final Executor helpers) throws Exception {
        final MessageDigest expected = MessageDigest.getInstance("SHA-256");
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final OverlappedDigests digests = new OverlappedDigests(List.of(digest), helpers);
        final AtomicInteger taken = new AtomicInteger();
        int later = 0;
        for (int i = 0; i < 300; i++) {
            final byte[] piece = bytes(random.nextInt(100_000));
            expected.update(piece);
            if (random.nextBoolean()) {
                digests.updateLater(ByteBuffer.allocateDirect(piece.length).put(piece).flip(), taken::incrementAndGet);
                later++;
            } else {
                final ByteBuffer given = ByteBuffer.wrap(piece);
                digests.update(given);
                assertThat(given.remaining()).isEqualTo(piece.length);
            }
        }
        digests.await();
        assertThat(digest.digest()).isEqualTo(expected.digest());
        // Who took the last piece says so afterwards
        while (taken.get() < later) {
            Thread.onSpinWait();
        }
        assertThat(taken).hasValue(later);
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
