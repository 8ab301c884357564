package org.dropzonebackup.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A drop box of ten bytes, and what is published in it while it is measured. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpaceLedgerTest {

    private static final long LIMIT = 10;

    private final AtomicLong clock = new AtomicLong();
    /** What a measurement sees. */
    private final AtomicLong there = new AtomicLong();
    private final AtomicInteger measurements = new AtomicInteger();
    private final List<Runnable> duringMeasurements = new ArrayList<>();
    private final SpaceLedger ledger = new SpaceLedger(this::look, clock::get);
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void endOthers() {
        others.shutdownNow();
    }

    /** Each takes a nanosecond, and sees nothing of what happens meanwhile. */
    private long look() {
        final int number = measurements.getAndIncrement();
        final long seen = there.get();
        clock.incrementAndGet();
        if (number < duringMeasurements.size()) {
            duringMeasurements.get(number).run();
        }
        return seen;
    }

    @Test
    void reservesAndReleasesWhileAPublicationWaits() throws Exception {
        assertThat(reserve(4)).isTrue();
        final Waiting waiting = publish(4);

        assertThat(reserve(6)).isTrue();
        assertThat(reserve(1)).isFalse();
        ledger.release(6);
        waiting.go();
        assertThat(there).hasValue(4);
        assertThat(reserve(6)).isTrue();
    }

    @Test
    void publishesSeveralAtTheSameTime() throws Exception {
        assertThat(reserve(10)).isTrue();
        final Waiting first = publish(4);
        final Waiting second = publish(6);
        second.go();
        first.go();
        assertThat(there).hasValue(10);
        assertThat(reserve(1)).isFalse();
    }

    @Test
    void publishesWhileAMeasurementHangs() throws Exception {
        assertThat(reserve(4)).isTrue();
        final CountDownLatch hanging = new CountDownLatch(1);
        final CountDownLatch device = new CountDownLatch(1);
        duringMeasurements.add(() -> { });
        duringMeasurements.add(() -> {
            hanging.countDown();
            await(device);
        });
        final Future<Boolean> tooMuch = others.submit(() -> reserve(7));
        await(hanging);

        publish(4).go();
        ledger.settle(0);
        device.countDown();
        assertThat(tooMuch.get()).isFalse();
    }

    @Test
    void doesNotCountTwiceWhatAMeasurementSawBeforeItWasSettled() throws Exception {
        assertThat(reserve(5)).isTrue();
        final Waiting visible = publishVisibly(5);
        clock.addAndGet(51);
        assertThat(reserve(5)).as("five are visible and five reserved, but they are the same").isTrue();
        assertThat(reserve(1)).isFalse();
        visible.go();
        assertThat(reserve(1)).isFalse();
        ledger.release(5);
        assertThat(reserve(6)).isFalse();
        assertThat(reserve(5)).isTrue();
    }

    @Test
    void countsWhatIsSettledBehindTheBackOfAMeasurement() throws Exception {
        assertThat(reserve(5)).isTrue();
        duringMeasurements.add(() -> { });
        duringMeasurements.add(() -> publish(5).go());
        assertThat(reserve(6)).as("the measurement saw nothing of the five").isFalse();
        assertThat(reserve(5)).isTrue();
    }

    @Test
    void takesWhatIsInDoubtForWhatIsAddedUpIfThatDoesNotEnd() throws Exception {
        assertThat(reserve(5)).isTrue();
        final Waiting visible = publishVisibly(5);
        clock.addAndGet(51);
        final int before = measurements.get();
        assertThat(reserve(5)).isTrue();
        assertThat(measurements.get() - before).as("each time it was in doubt").isEqualTo(3);
        assertThat(reserve(1)).isFalse();
        visible.go();
    }

    @Test
    void refusesNothingOnWhatWasMeasuredBefore() throws Exception {
        there.set(10);
        assertThat(reserve(1)).isFalse();
        there.set(3);
        assertThat(reserve(8)).isFalse();
        assertThat(reserve(7)).isTrue();
    }

    @Test
    void refusesNothingOnAMeasurementDuringWhichSomethingWasRemoved() throws Exception {
        there.set(10);
        duringMeasurements.add(() -> {
            there.set(4);
            ledger.forgetRemoved();
        });
        assertThat(reserve(6)).isTrue();
    }

    @Test
    void givesNothingOutOnAMeasurementThatMissedWhatIsBack() throws Exception {
        assertThat(reserve(0)).isTrue();
        there.set(10);
        ledger.forgetMeasurement();
        assertThat(reserve(1)).isFalse();
        there.set(0);
        measurements.set(0);
        duringMeasurements.add(() -> {
            there.set(10);
            ledger.forgetMeasurement();
        });
        assertThat(reserve(1)).as("the first measurement saw nothing").isFalse();
    }

    @Test
    void keepsTheReservationOfWhatCouldNotBePublished() throws Exception {
        assertThat(reserve(6)).isTrue();
        assertThatThrownBy(() -> ledger.settle(6, 6, () -> {
            throw new IOException("Input/output error");
        })).isInstanceOf(IOException.class);
        assertThat(reserve(5)).isFalse();
        ledger.release(6);
        assertThat(reserve(10)).isTrue();
    }

    @Test
    void trustsAMeasurementForFiftyTimesAsLongAsItTook() throws Exception {
        assertThat(reserve(1)).isTrue();
        clock.addAndGet(50);
        assertThat(reserve(1)).isTrue();
        assertThat(measurements).hasValue(1);
        clock.incrementAndGet();
        assertThat(reserve(1)).isTrue();
        assertThat(measurements).hasValue(2);
    }

    @Test
    void tellsOfAFaultAndReservesNothing() throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        final SpaceLedger faulty = new SpaceLedger(() -> {
            if (asked.getAndIncrement() == 0) {
                throw new IOException("Input/output error");
            }
            return 0;
        }, clock::get);
        assertThatThrownBy(() -> faulty.tryReserve(10, LIMIT)).isInstanceOf(IOException.class);
        assertThat(faulty.tryReserve(10, LIMIT)).isTrue();
    }

    /** Uploads of one byte each into a box of many names, whose reading finds each name at another time. */
    @Test
    void neverGivesOutMoreThanThereIsNorKeepsAnythingBack() throws Exception {
        final int most = 40;
        final AtomicLongArray names = new AtomicLongArray(64);
        final SpaceLedger busy = new SpaceLedger(() -> {
            long bytes = 0;
            for (int i = 0; i < names.length(); i++) {
                bytes += names.get(i);
                Thread.onSpinWait();
            }
            return bytes;
        }, System::nanoTime);
        final AtomicInteger taken = new AtomicInteger();
        final List<Future<Integer>> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            final Random random = new Random(client);
            clients.add(others.submit(() -> {
                int wrong = 0;
                for (int i = 0; i < 3000; i++) {
                    if (!busy.tryReserve(1, most)) {
                        continue;
                    }
                    wrong += taken.incrementAndGet() > most ? 1 : 0;
                    final boolean kept = random.nextInt(4) > 0;
                    if (kept) {
                        busy.settle(1, 1, () -> names.incrementAndGet(random.nextInt(names.length())));
                        taken.decrementAndGet();
                        remove(names, random);
                        busy.forgetRemoved();
                    } else {
                        taken.decrementAndGet();
                        busy.release(1);
                    }
                }
                return wrong;
            }));
        }
        for (final Future<Integer> client : clients) {
            assertThat(client.get()).isZero();
        }
        assertThat(busy.tryReserve(most + 1, most)).isFalse();
        assertThat(busy.tryReserve(most, most)).isTrue();
    }

    private static void remove(final AtomicLongArray names, final Random random) {
        int name = random.nextInt(names.length());
        while (names.getAndUpdate(name, bytes -> Math.max(0, bytes - 1)) == 0) {
            name = (name + 1) % names.length();
        }
    }

    private boolean reserve(final long bytes) throws IOException {
        return ledger.tryReserve(bytes, LIMIT);
    }

    /** Publishes reserved bytes on another thread; returns when that waits, with nothing to be seen of them yet. */
    private Waiting publish(final long bytes) {
        return publish(bytes, 0);
    }

    /** The same when they can be seen already. */
    private Waiting publishVisibly(final long bytes) {
        return publish(bytes, bytes);
    }

    private Waiting publish(final long bytes, final long visible) {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        final Future<?> publication = others.submit(() -> {
            ledger.settle(bytes, bytes, () -> {
                there.addAndGet(visible);
                begun.countDown();
                await(released);
                there.addAndGet(bytes - visible);
            });
            return null;
        });
        await(begun);
        return () -> {
            released.countDown();
            assertThat(publication).succeedsWithin(Duration.ofSeconds(10));
        };
    }

    private interface Waiting {
        void go();
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
