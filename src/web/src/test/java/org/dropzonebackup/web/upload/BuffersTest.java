package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class BuffersTest {

    private static final Runnable BACK = () -> { };

    private final Buffers buffers = new Buffers();

    @Test
    void lendsAsManySmallOnesAsAreWanted() {
        final List<ByteBuffer> lent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            final ByteBuffer memory = buffers.take(BACK).bytes();
            assertThat(memory.position()).isZero();
            assertThat(memory.remaining()).isEqualTo(i < 64 ? 128 * 1024 : 16 * 1024);
            assertThat(lent).noneMatch(other -> other == memory);
            lent.add(memory);
        }
    }

    @Test
    void lendsNoMoreThanAFewLargeOnes() {
        final List<Buffers.Buffer> lent = allLargeOnes();
        assertThat(lent).hasSizeBetween(1, 16);

        lent.get(0).release();
        assertThat(buffers.takeLarge(BACK)).isPresent();
        assertThat(buffers.takeLarge(BACK)).isEmpty();
    }

    @Test
    void lendsLargeOnesThatBeginWhereAPageDoes() {
        assertThat(allLargeOnes()).isNotEmpty().allSatisfy(large -> {
            assertThat(large.bytes().alignmentOffset(0, Buffers.PAGE)).isZero();
            assertThat(large.bytes().remaining()).isEqualTo(1024 * 1024);
        });
    }

    @Test
    void lendsNothingAgainThatIsStillHeld() {
        final List<Buffers.Buffer> lent = allLargeOnes();
        final Buffers.Buffer held = lent.get(0);
        assertThat(held.retain()).isTrue();

        held.release();
        assertThat(buffers.takeLarge(BACK)).isEmpty();
        held.release();
        assertThat(buffers.takeLarge(BACK)).isPresent();
    }

    @Test
    void letsNobodyRetainWhatIsNotCounted() {
        final List<Buffers.Buffer> lent = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            lent.add(buffers.take(BACK));
        }
        assertThat(lent.get(63).retain()).isTrue();
        assertThat(lent.get(64).retain()).isFalse();
    }

    @Test
    void lendsFirstWhatCameBackLastAndEmpty() {
        final Buffers.Buffer first = buffers.takeLarge(BACK).orElseThrow();
        final Buffers.Buffer second = buffers.takeLarge(BACK).orElseThrow();
        first.release();
        second.bytes().putLong(42).flip();
        second.release();

        final ByteBuffer again = buffers.takeLarge(BACK).orElseThrow().bytes();
        assertThat(again).isSameAs(second.bytes());
        assertThat(again.remaining()).isEqualTo(again.capacity());
    }

    @Test
    void lendsSmallerOnesWhileThereIsNoMemoryAndAsManyAsBeforeOnceThereIs() {
        final AtomicBoolean full = new AtomicBoolean(true);
        final AtomicInteger asked = new AtomicInteger();
        final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
        final IntFunction<ByteBuffer> allocation = size -> {
            asked.incrementAndGet();
            if (full.get()) {
                throw new OutOfMemoryError("Cannot reserve " + size + " bytes of direct buffer memory");
            }
            return ByteBuffer.allocate(size);
        };
        final Buffers poor = new Buffers(allocation, allocation, clock::get);
        for (int i = 0; i < 200; i++) {
            assertThat(poor.takeLarge(BACK)).isEmpty();
            assertThat(poor.take(BACK).bytes().capacity()).isEqualTo(16 * 1024);
        }
        assertThat(asked).as("once for each size").hasValue(2);
        full.set(false);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(poor.takeLarge(BACK)).isPresent();
        for (int i = 0; i < 64; i++) {
            assertThat(poor.take(BACK).bytes().capacity()).isEqualTo(128 * 1024);
        }
    }

    private List<Buffers.Buffer> allLargeOnes() {
        final List<Buffers.Buffer> lent = new ArrayList<>();
        for (Optional<Buffers.Buffer> one = buffers.takeLarge(BACK); one.isPresent(); one = buffers.takeLarge(BACK)) {
            lent.add(one.get());
        }
        return lent;
    }
}
