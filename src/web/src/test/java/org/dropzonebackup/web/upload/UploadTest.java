package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is thrown, and wherever: the request ends once, with an answer, and nothing that was taken for it is kept. */
class UploadTest {

    private static final byte[] CONTENT = new byte[30_000];

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> ends = new ArrayList<>();
    private final Map<String, Object> answered = new HashMap<>();
    private final FaultyHandler handler = new FaultyHandler();
    /** Each kind of fault is said once in ten minutes. */
    private final CapturedLog said = new CapturedLog(Upload.class);
    private final CapturedLog saidOfAnswers = new CapturedLog(RequestEnd.class);
    private Input input;
    private Throwable whenAnswering;

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

        assertThat(ends).containsExactly("500");
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
        assertThat(ends).containsExactly("200");
    }

    @ParameterizedTest
    @EnumSource(names = {"BEGIN", "COMMIT"})
    void answersWhenNoThreadCanBeHad(final Place place) throws IOException {
        for (final Throwable fault : List.of(new RejectedExecutionException(), new OutOfMemoryError("unable to create native thread"))) {
            ends.clear();
            final int[] asked = {0};
            send(context(task -> {
                if (asked[0]++ == (place == Place.BEGIN ? 0 : 1)) {
                    throwAny(fault);
                }
                task.run();
            }, Runnable::run));
            assertThat(ends).containsExactly("503");
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
        assertThat(ends).isEmpty();

        waiting.remove().run();
        assertThat(waiting).as("the next turn, behind those of others").hasSize(1);
        waiting.remove().run();
        assertThat(done).containsExactly("admission", "turn", "turn", "admission");

        handler.toRead = 1;
        receive();
        assertThat(done).endsWith("admission", "commit", "turn");
        waiting.remove().run();
        assertThat(done).endsWith("turn", "commit");
        assertThat(ends).containsExactly("200");
    }

    @Test
    void isNoSuccessBeforeWhatIsStoredIsReadThoughTheCommitIsQuick() throws IOException {
        final Deque<Runnable> waiting = new ArrayDeque<>();
        handler.quick = true;
        handler.toReadAtCommit = 1;
        send(context(new UploadContext.Workers(Runnable::run, Runnable::run, Runnable::run, waiting::add, Runnable::run)));
        receive();
        assertThat(ends).isEmpty();

        waiting.remove().run();
        assertThat(ends).containsExactly("200");
    }

    @Test
    void answersWhenNoTurnCanBeHad() throws IOException {
        send(context(Runnable::run, task -> throwAny(new OutOfMemoryError("unable to create native thread"))));
        assertThat(ends).containsExactly("503");
    }

    @Test
    void isNoSuccessWhenTheAnswerFails() throws IOException {
        whenAnswering = new StackOverflowError();
        send(context(Runnable::run, Runnable::run));

        assertThat(saidOfAnswers.lines()).singleElement().asString().startsWith("SEVERE an answer failed");
        assertThat(answered).containsEntry("status", 500);
        assertThat(ends).containsExactly("completed");
    }

    private UploadContext context(final Executor worker, final Executor transfers) {
        return context(new UploadContext.Workers(transfers, worker, worker, worker, Runnable::run));
    }

    private UploadContext context(final UploadContext.Workers workers) {
        return new UploadContext(new EarlyAnswer(timer, Runnable::run, Duration.ofSeconds(1)), workers, true, 1,
                Duration.ofSeconds(60));
    }

    /** Does what a container does. */
    private void send(final UploadContext context) throws IOException {
        input = new Input();
        handler.workers = context.workers();
        final HttpServletRequest request = (HttpServletRequest) stub(HttpServletRequest.class, Map.of(
                "getServletContext", stub(ServletContext.class, Map.of()),
                "getContentLengthLong", Input.PIECES * CONTENT.length, "getProtocol", "HTTP/1.1", "getInputStream", input));
        final Upload upload = new Upload(async(request), context, new Told());
        upload.begin(giveUp -> {
            handler.meet(Place.OPEN);
            return handler;
        });
        receive();
    }

    private void receive() throws IOException {
        while (input.listener != null && !input.isFinished() && ends.isEmpty()) {
            input.ready = true;
            input.listener.onDataAvailable();
        }
        if (input.listener != null && ends.isEmpty()) {
            input.listener.onAllDataRead();
        }
    }

    private AsyncContext async(final HttpServletRequest request) {
        return (AsyncContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {AsyncContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRequest" -> request;
                    case "getResponse" -> response();
                    case "complete" -> ends.add("completed");
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private HttpServletResponse response() {
        return (HttpServletResponse) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isCommitted" -> false;
                    case "setStatus" -> answered.put("status", arguments[0]);
                    case "setHeader", "reset" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Object stub(final Class<?> type, final Map<String, Object> answers) {
        return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName()));
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwAny(final Throwable fault) throws X {
        throw (X) fault;
    }

    /** What the client is told. */
    private final class Told implements Answer {

        private void end(final int status) {
            if (whenAnswering != null) {
                throwAny(whenAnswering);
            }
            ends.add(Integer.toString(status));
        }

        @Override
        public void stored(final List<Receipt> receipts) {
            end(200);
        }

        @Override
        public void storedBefore(final Receipt receipt) {
            end(200);
        }

        @Override
        public void refused(final Problem problem) {
            end(problem.status());
        }

        @Override
        public void refusedUnread(final Problem problem) {
            end(problem.status());
        }

        @Override
        public ReadListener refusedWhileReading(final Problem problem) {
            end(problem.status());
            return (ReadListener) stub(ReadListener.class, Map.of());
        }
    }

    /** A body that comes in three pieces. */
    private static final class Input extends ServletInputStream {

        private static final long PIECES = 3;

        private ReadListener listener;
        private boolean ready;
        private long left = PIECES;

        @Override
        public int read(final byte[] array, final int offset, final int length) {
            ready = false;
            left--;
            return CONTENT.length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public boolean isFinished() {
            return left == 0;
        }

        @Override
        public void setReadListener(final ReadListener given) {
            listener = given;
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
                throwAny(fault);
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
