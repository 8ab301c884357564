package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is thrown, and wherever: the request ends once, with an answer, and nothing that was taken for it is kept. */
class UploadTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FakeExchange exchange = new FakeExchange(30_000, 3, false);
    private final FaultyHandler handler = new FaultyHandler();
    /** Each kind of fault is said once in ten minutes. */
    private final CapturedLog said = new CapturedLog(Upload.class);
    private final CapturedLog saidOfAnswers = new CapturedLog(RequestEnd.class);

    /** Where an upload may meet a fault. */
    enum Place { OPEN, BEFOREHAND, BEGIN, ACCEPT, END, COMMIT, CLOSE }

    @AfterEach
    void end() {
        timer.shutdownNow();
        said.close();
        saidOfAnswers.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(Place.values()).filter(place -> place != Place.CLOSE).flatMap(place -> Stream.of(
                new IllegalStateException("a mistake"), new OutOfMemoryError("Cannot reserve direct buffer memory"),
                new StackOverflowError(), new NoClassDefFoundError("a class"), new IOException("Input/output error"),
                new InterruptedException("that nobody declared")).map(fault -> Arguments.of(place, fault)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endsWithAnAnswerWhateverIsThrown(final Place place, final Throwable fault) throws IOException {
        handler.place = place;
        handler.fault = fault;
        final UploadContext context = context(Runnable::run, Runnable::run);
        send(context);

        assertThat(exchange.ends()).containsExactly("500");
        assertThat(handler.closed).isEqualTo(place == Place.OPEN ? 0 : 1);
        assertThat(context.underWay()).isEmpty();
        assertThat(Stream.generate(() -> context.buffers().take(() -> { }).bytes().capacity()).limit(64)).containsOnly(128 * 1024);
    }

    @Test
    void answersThoughWhatIsLeftCannotBeClosed() throws IOException {
        handler.place = Place.CLOSE;
        handler.fault = new OutOfMemoryError("Java heap space");
        send(context(Runnable::run, Runnable::run));

        assertThat(said.lines()).singleElement().asString().startsWith("WARNING a staging file was left behind");
        assertThat(exchange.ends()).containsExactly("200");
    }

    @ParameterizedTest
    @EnumSource(names = {"BEGIN", "COMMIT"})
    void answersWhenNoThreadCanBeHad(final Place place) throws IOException {
        for (final Throwable fault : List.of(new RejectedExecutionException(), new OutOfMemoryError("unable to create native thread"))) {
            exchange = new FakeExchange(30_000, 3, false);
            final int[] asked = {0};
            send(context(task -> {
                if (asked[0]++ == (place == Place.BEGIN ? 0 : 1)) {
                    FakeExchange.throwAny(fault);
                }
                task.run();
            }, Runnable::run));
            assertThat(exchange.ends()).containsExactly("503");
        }
    }

    @Test
    void leavesWhatTakesLongToThoseWhoHaveTheTimeAndTakesTurnsThere() throws IOException {
        final List<String> done = new ArrayList<>();
        final Deque<Runnable> waiting = new ArrayDeque<>();
        handler.toRead = 2;
        final UploadContext context = context(new UploadContext.Workers(Runnable::run, task -> {
            done.add("admission");
            task.run();
        }, task -> {
            done.add("commit");
            task.run();
        }, task -> {
            done.add("turn");
            waiting.add(task);
        }, Runnable::run));
        send(context);
        assertThat(done).containsExactly("admission", "turn");
        assertThat(exchange.ends()).isEmpty();

        waiting.remove().run();
        assertThat(waiting).as("the next turn, behind those of others").hasSize(1);
        waiting.remove().run();
        assertThat(done).containsExactly("admission", "turn", "turn", "admission");

        handler.toRead = 1;
        receive();
        assertThat(done).endsWith("admission", "commit", "turn");
        waiting.remove().run();
        assertThat(done).endsWith("turn", "commit");
        assertThat(exchange.ends()).containsExactly("200");
    }

    @Test
    void isNoSuccessBeforeWhatIsStoredIsReadThoughTheCommitIsQuick() throws IOException {
        final Deque<Runnable> waiting = new ArrayDeque<>();
        handler.quick = true;
        handler.toReadAtCommit = 1;
        send(context(new UploadContext.Workers(Runnable::run, Runnable::run, Runnable::run, waiting::add, Runnable::run)));
        receive();
        assertThat(exchange.ends()).isEmpty();

        waiting.remove().run();
        assertThat(exchange.ends()).containsExactly("200");
    }

    @Test
    void answersWhenNoTurnCanBeHad() throws IOException {
        send(context(Runnable::run, task -> FakeExchange.throwAny(new OutOfMemoryError("unable to create native thread"))));
        assertThat(exchange.ends()).containsExactly("503");
    }

    @Test
    void isNoSuccessWhenTheAnswerFails() throws IOException {
        exchange.failWith(new StackOverflowError());
        send(context(Runnable::run, Runnable::run));

        assertThat(saidOfAnswers.lines()).singleElement().asString().startsWith("SEVERE an answer failed");
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.ends()).containsExactly("completed");
    }

    private UploadContext context(final Executor worker, final Executor transfers) {
        return context(new UploadContext.Workers(transfers, worker, worker, worker, Runnable::run));
    }

    private UploadContext context(final UploadContext.Workers workers) {
        return FakeExchange.context(timer, workers, true);
    }

    /** Does what a container does. */
    private void send(final UploadContext context) throws IOException {
        handler.workers = context.workers();
        exchange.upload(context).begin(giveUp -> {
            handler.meet(Place.OPEN);
            return handler;
        });
        receive();
    }

    private void receive() throws IOException {
        while (exchange.isRead() && !exchange.hasCome() && exchange.ends().isEmpty()) {
            exchange.come(1);
            exchange.tell(ReadListener::onDataAvailable);
        }
        if (exchange.ends().isEmpty()) {
            exchange.tell(ReadListener::onAllDataRead);
        }
    }

    private static final class FaultyHandler implements BodyHandler {

        private UploadContext.Workers workers;
        private Place place;
        private Throwable fault;
        private int closed;
        private int toRead;
        private boolean quick;
        /** That a commit finds it has to read. */
        private int toReadAtCommit;

        private void meet(final Place here) {
            if (here == place) {
                FakeExchange.throwAny(fault);
            }
        }

        private Suspension attempts(final boolean slowly, final Executor worker, final Suspension.Step attempt) {
            return Suspension.attempts(slowly ? worker : Runnable::run, worker, attempt, () -> toRead > 0,
                    Suspension.inTurns(workers.readBack(), () -> --toRead > 0));
        }

        @Override
        public Suspension begin() {
            meet(Place.BEFOREHAND);
            return Suspension.NONE.then(() -> attempts(true, workers.admission(), () -> meet(Place.BEGIN)));
        }

        @Override
        public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) {
            meet(Place.ACCEPT);
            in.position(in.limit());
            return Optional.empty();
        }

        @Override
        public void end() {
            meet(Place.END);
        }

        @Override
        public Suspension commit() {
            return attempts(!quick, workers.commits(), () -> {
                meet(Place.COMMIT);
                toRead += toReadAtCommit;
                toReadAtCommit = 0;
            });
        }

        @Override
        public List<Receipt> outcome() {
            return List.of();
        }

        @Override
        public List<String> names() {
            return List.of("a");
        }

        @Override
        public void close() {
            closed++;
            meet(Place.CLOSE);
        }
    }
}
