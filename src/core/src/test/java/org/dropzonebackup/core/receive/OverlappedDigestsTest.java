package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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
        assertThat(taken).hasValue(later);
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
