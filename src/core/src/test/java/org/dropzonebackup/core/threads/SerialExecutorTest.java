package org.dropzonebackup.core.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SerialExecutorTest {

    /** A turn has this many tasks. */
    private static final int TURN = 8;

    private final Scheduler scheduler = new Scheduler();
    private final SerialExecutor executor = new SerialExecutor(scheduler);
    private final List<Integer> done = new ArrayList<>();

    /** Runs what it is given when the test says so, and takes nothing once it is closed. */
    private static final class Scheduler implements Executor {

        private final Queue<Runnable> turns = new ArrayDeque<>();
        private boolean closed;

        @Override
        public void execute(final Runnable turn) {
            if (closed) {
                throw new RejectedExecutionException();
            }
            turns.add(turn);
        }

        private void runAll() {
            while (!turns.isEmpty()) {
                turns.remove().run();
            }
        }
    }

    private void add(final int from, final int to) {
        IntStream.range(from, to).forEach(number -> executor.execute(() -> done.add(number)));
    }

    private static List<Integer> numbers(final int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @Test
    void runsTasksInTheirOrderInOneTurn() {
        assertThat(executor.isIdle()).isTrue();
        add(0, TURN);
        assertThat(scheduler.turns).hasSize(1);
        assertThat(executor.isIdle()).isFalse();
        scheduler.runAll();
        assertThat(done).isEqualTo(numbers(TURN));
        assertThat(executor.isIdle()).isTrue();
    }

    @Test
    void yieldsAfterATurn() {
        add(0, 3 * TURN + 1);
        final List<String> order = new ArrayList<>();
        scheduler.execute(() -> order.add("another after " + done.size()));
        scheduler.turns.remove().run();
        assertThat(done).isEqualTo(numbers(TURN));
        scheduler.turns.remove().run();
        assertThat(order).containsExactly("another after " + TURN);
        scheduler.runAll();
        assertThat(done).isEqualTo(numbers(3 * TURN + 1));
        assertThat(executor.isIdle()).isTrue();
    }

    @Test
    void leavesATaskThatComesWhileAnotherRunsToItsThread() {
        executor.execute(() -> {
            add(1, 2);
            assertThat(done).as("not within another task").isEmpty();
            assertThat(executor.isIdle()).isFalse();
            done.add(0);
        });
        scheduler.runAll();
        assertThat(done).containsExactly(0, 1);
    }

    @Test
    void runsNoTaskThatIsRejected() {
        scheduler.closed = true;
        assertThatThrownBy(() -> executor.execute(() -> done.add(0))).isInstanceOf(RejectedExecutionException.class);
        assertThat(done).isEmpty();
        assertThat(executor.isIdle()).isTrue();
        scheduler.closed = false;
        add(0, 1);
        scheduler.runAll();
        assertThat(done).containsExactly(0);
    }

    @Test
    void taskThatIsRejectedIsRunByWhoBringsIt() {
        add(0, 1);
        scheduler.runAll();
        scheduler.closed = true;
        executor.executeOrRun(() -> done.add(1));
        assertThat(done).containsExactly(0, 1);
        assertThat(executor.isIdle()).isTrue();
    }

    @Test
    void awaitsAllTasksThatCameBefore() throws Exception {
        executor.await();
        add(0, 3 * TURN);
        final CompletableFuture<List<Integer>> seen = new CompletableFuture<>();
        final Thread waiter = new Thread(() -> {
            executor.await();
            seen.complete(List.copyOf(done));
        });
        waiter.start();
        scheduler.turns.remove().run();
        assertThat(seen).isNotDone();
        scheduler.runAll();
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(numbers(3 * TURN));
    }

    @Test
    void runsWhatItHasTakenThoughItGetsNoOtherTurn() {
        add(0, 2 * TURN);
        scheduler.closed = true;
        scheduler.turns.remove().run();
        assertThat(done).isEqualTo(numbers(2 * TURN));
        assertThat(executor.isIdle()).isTrue();
    }

    @Test
    void runsWhatItHasTakenWhateverKeepsItFromAnotherTurn() {
        final Queue<Runnable> turns = new ArrayDeque<>(List.of(() -> { }));
        final SerialExecutor serial = new SerialExecutor(turn -> {
            if (turns.isEmpty()) {
                throw new IllegalStateException("as a test wants it");
            }
            turns.remove();
            turns.add(turn);
        });
        IntStream.range(0, 2 * TURN).forEach(number -> serial.execute(() -> done.add(number)));
        assertThatThrownBy(() -> turns.remove().run()).isInstanceOf(IllegalStateException.class);
        assertThat(done).isEqualTo(numbers(2 * TURN));
        assertThat(serial.isIdle()).isTrue();
    }

    @Test
    void runsATaskThatCameWhileAnotherWasRejected() {
        final SerialExecutor[] serial = new SerialExecutor[1];
        serial[0] = new SerialExecutor(turn -> {
            serial[0].execute(() -> done.add(1));
            throw new RejectedExecutionException();
        });
        assertThatThrownBy(() -> serial[0].execute(() -> done.add(0))).isInstanceOf(RejectedExecutionException.class);
        assertThat(done).containsExactly(1);
        assertThat(serial[0].isIdle()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAfterATaskThatThrows(final boolean error) {
        final Thread thread = Thread.currentThread();
        final List<Throwable> told = new ArrayList<>();
        final Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((where, fault) -> told.add(fault));
        try {
            executor.execute(() -> {
                if (error) {
                    throw new StackOverflowError();
                }
                throw new IllegalStateException();
            });
            add(0, 1);
            scheduler.runAll();
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(done).containsExactly(0);
        assertThat(told).singleElement().isInstanceOf(error ? StackOverflowError.class : IllegalStateException.class);
        assertThat(executor.isIdle()).isTrue();
    }

    @Test
    void onCallersRunsATaskBeforeItReturns() {
        final SerialExecutor callers = SerialExecutor.onCallers();
        callers.execute(() -> {
            for (int i = 1; i <= 3 * TURN; i++) {
                final int number = i;
                callers.execute(() -> done.add(number));
            }
            done.add(0);
        });
        assertThat(done).isEqualTo(numbers(3 * TURN + 1));
    }

    /** Tasks that add tasks, executors that share a scheduler, which gives turns in any order and rejects some: by chance. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void keepsOrderAndExclusionWhateverTheScheduler(final int seed) {
        final Random random = new Random(seed);
        final List<Runnable> turns = new ArrayList<>();
        final Executor unfair = turn -> {
            if (random.nextInt(8) == 0) {
                throw new RejectedExecutionException();
            }
            turns.add(turn);
        };
        final List<Client> clients = IntStream.range(0, 3).mapToObj(i -> new Client(new SerialExecutor(unfair), random)).toList();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextBoolean() || turns.isEmpty()) {
                clients.get(random.nextInt(clients.size())).add();
            } else {
                turns.remove(random.nextInt(turns.size())).run();
            }
        }
        while (!turns.isEmpty()) {
            turns.remove(random.nextInt(turns.size())).run();
        }
        for (final Client client : clients) {
            assertThat(client.run).isEqualTo(client.accepted);
            assertThat(client.executor.isIdle()).isTrue();
        }
    }

    /** One who adds numbered tasks. */
    private static final class Client {

        private final SerialExecutor executor;
        private final Random random;
        private final List<Integer> accepted = new ArrayList<>();
        private final List<Integer> run = new ArrayList<>();
        private int next;
        private boolean inTask;

        Client(final SerialExecutor executor, final Random random) {
            this.executor = executor;
            this.random = random;
        }

        private void add() {
            final int number = next++;
            // Before, as others may run it at once
            accepted.add(number);
            try {
                executor.execute(() -> task(number));
            } catch (final RejectedExecutionException e) {
                accepted.remove((Integer) number);
            }
        }

        private void task(final int number) {
            assertThat(inTask).isFalse();
            inTask = true;
            run.add(number);
            if (random.nextInt(3) == 0) {
                add();
            }
            inTask = false;
        }
    }

    /** The same with threads: what one task writes the next one sees, with no lock of their own. */
    @Test
    void keepsOrderAndExclusionBetweenThreads() throws Exception {
        final int clients = 4;
        final int tasks = 20_000;
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        final ExecutorService bringers = Executors.newFixedThreadPool(clients);
        try {
            final SerialExecutor serial = new SerialExecutor(threads);
            final int[] last = new int[clients];
            final int[] count = new int[1];
            final AtomicInteger wrong = new AtomicInteger();
            final List<Future<?>> brought = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                final int mine = client;
                brought.add(bringers.submit(() -> {
                    for (int i = 1; i <= tasks; i++) {
                        final int number = i;
                        serial.execute(() -> {
                            wrong.addAndGet(last[mine] == number - 1 ? 0 : 1);
                            last[mine] = number;
                            count[0]++;
                        });
                    }
                }));
            }
            for (final Future<?> each : brought) {
                each.get();
            }
            final CountDownLatch over = new CountDownLatch(1);
            serial.execute(over::countDown);
            over.await();
            assertThat(wrong).hasValue(0);
            assertThat(count[0]).isEqualTo(clients * tasks);
        } finally {
            threads.shutdownNow();
            bringers.shutdownNow();
        }
    }
}
