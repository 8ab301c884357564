package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuffersTest {

    private final Buffers buffers = new Buffers();

    @Test
    void lendsAsManySmallOnesAsAreWanted() {
        final List<ByteBuffer> lent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            final ByteBuffer memory = buffers.take().bytes();
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
        assertThat(buffers.takeLarge()).isPresent();
        assertThat(buffers.takeLarge()).isEmpty();
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
        assertThat(buffers.takeLarge()).isEmpty();
        held.release();
        assertThat(buffers.takeLarge()).isPresent();
    }

    @Test
    void lendsFirstWhatCameBackLastAndEmpty() {
        final Buffers.Buffer first = buffers.takeLarge().orElseThrow();
        final Buffers.Buffer second = buffers.takeLarge().orElseThrow();
        first.release();
        second.bytes().putLong(42).flip();
        second.release();

        final ByteBuffer again = buffers.takeLarge().orElseThrow().bytes();
        assertThat(again).isSameAs(second.bytes());
        assertThat(again.remaining()).isEqualTo(again.capacity());
    }

    private List<Buffers.Buffer> allLargeOnes() {
        final List<Buffers.Buffer> lent = new ArrayList<>();
        for (Optional<Buffers.Buffer> one = buffers.takeLarge(); one.isPresent(); one = buffers.takeLarge()) {
            lent.add(one.get());
        }
        return lent;
    }
}
