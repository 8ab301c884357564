package org.dropzonebackup.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.users.PasswordHash;
import org.junit.jupiter.api.Test;

class HashMemoryTest {

    private static final long MIB = 1 << 20;
    /** Takes 17 KiB. */
    private static final PasswordHash SMALL = hash(16);

    private final SettableClock clock = new SettableClock();
    private final TestHeap heap = new TestHeap();
    private final HashMemory memory = new HashMemory(heap, clock::nanoTime);

    private static final class TestHeap implements HashMemory.Heap {
        private long max = 256 * MIB;
        private long free = 200 * MIB;
        private long garbage;
        private int collections;
        private int leftOut;

        @Override
        public long max() {
            return max;
        }

        @Override
        public long free() {
            return free;
        }

        @Override
        public void collect() {
            collections++;
            if (leftOut > 0) {
                leftOut--;
                return;
            }
            free += garbage;
            garbage = 0;
        }
    }

    private static PasswordHash hash(final int kib) {
        return new PasswordHash("$argon2id$v=19$m=" + kib + ",t=1,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn");
    }

    @Test
    void refusesAHashThatNeedsMoreThanHalfOfTheHeap() {
        assertThatThrownBy(() -> memory.acquire(hash(262_144))).isInstanceOf(HashingUnavailableException.class)
                .hasMessageContaining("272 MiB").hasMessageContaining("256 MiB").hasMessageContaining("-Xmx578m");
        assertThatThrownBy(() -> memory.acquire(hash(131_072))).isInstanceOf(HashingUnavailableException.class);
        assertThat(heap.collections).isZero();
    }

    @Test
    void theServerMemoryOfAHashIsEnoughForIt() throws Exception {
        final PasswordHash large = hash(102_400);
        heap.max = large.serverMemory();
        memory.acquire(large).close();
    }

    @Test
    void leavesAnEighthOfTheHeapFree() throws Exception {
        heap.free = SMALL.memory() + 32 * MIB;
        try (HashMemory.Permit permit = memory.acquire(SMALL)) {
            assertThat(permit.allocate().matches("secret")).isFalse();
            heap.free--;
            assertThatThrownBy(permit::allocate).isInstanceOf(HashingUnavailableException.class).hasMessageContaining("too little is free");
        }
    }

    @Test
    void collectsGarbageBeforeItRefuses() throws Exception {
        heap.free = 0;
        heap.garbage = 100 * MIB;
        try (HashMemory.Permit permit = memory.acquire(SMALL)) {
            permit.allocate();
        }
        assertThat(heap.collections).isEqualTo(1);
    }

    /** As HotSpot does while native code uses an array of the heap. */
    @Test
    void collectsGarbageAgainIfTheCollectionWasLeftOut() throws Exception {
        heap.free = 0;
        heap.garbage = 100 * MIB;
        heap.leftOut = 3;
        try (HashMemory.Permit permit = memory.acquire(SMALL)) {
            permit.allocate();
        }
        assertThat(heap.collections).isEqualTo(4);
    }

    @Test
    void doesNotCollectGarbageAgainAtOnceAfterItWasInVain() throws Exception {
        heap.free = 0;
        try (HashMemory.Permit permit = memory.acquire(SMALL)) {
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(permit::allocate).isInstanceOf(HashingUnavailableException.class);
            }
            assertThat(heap.collections).isEqualTo(10);
            clock.pass(Duration.ofSeconds(10));
            heap.garbage = 100 * MIB;
            permit.allocate();
            assertThat(heap.collections).isEqualTo(11);
        }
    }

    @Test
    void runsNoMoreHashesAtOnceThanFitIntoHalfOfTheHeap() throws Exception {
        final PasswordHash third = hash(40 * 1024);
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            final List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(threads.submit(() -> {
                    try (HashMemory.Permit permit = memory.acquire(third)) {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        assertThat(permit).isNotNull();
                        Thread.yield();
                        running.decrementAndGet();
                    }
                    return null;
                }));
            }
            for (final Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(most).hasValueBetween(1, 3);
    }
}
