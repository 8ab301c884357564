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
    void leavesTheBytesToWhoeverBroughtThem() throws Exception {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final List<Runnable> later = new ArrayList<>();
        final OverlappedDigests digests = overlapped(digest, later::add);
        final byte[] buffer = bytes(Buffers.SIZE);
        final byte[] expected = MessageDigest.getInstance("SHA-256").digest(buffer);

        final ByteBuffer given = ByteBuffer.wrap(buffer);
        digests.update(given);
        assertThat(given.remaining()).isEqualTo(Buffers.SIZE);
        random.nextBytes(buffer);
        later.forEach(Runnable::run);

        digests.await();
        assertThat(digest.digest()).isEqualTo(expected);
    }

    private void assertSameDigest(final Executor helpers) throws Exception {
        final MessageDigest expected = MessageDigest.getInstance("SHA-256");
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        final OverlappedDigests digests = overlapped(digest, helpers);
        for (int i = 0; i < 300; i++) {
            final byte[] piece = bytes(random.nextInt(Buffers.SIZE + 5000));
            expected.update(piece);
            digests.update(ByteBuffer.wrap(piece));
        }
        digests.await();
        assertThat(digest.digest()).isEqualTo(expected.digest());
    }

    private static OverlappedDigests overlapped(final MessageDigest digest, final Executor helpers) {
        return new OverlappedDigests(List.of(digest), new OverlappedDigests.Helpers(helpers));
    }

    private byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
