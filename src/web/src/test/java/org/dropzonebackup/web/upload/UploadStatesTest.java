package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ReadListener;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.store.Retainable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of {@link Upload}: every two events, in every state and in both orders, end in one answer, with all that was taken
 * given back. All tasks of other threads are run by hand, one at a time.
 */
class UploadStatesTest {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 24;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CapturedLog said = new CapturedLog(Upload.class);
    private final CapturedLog saidOfAnswers = new CapturedLog(RequestEnd.class);
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private FakeExchange exchange;
    private Handler handler;
    private Upload upload;
    private UploadContext context;

    /** What an upload is at when the events come. */
    enum At {
        OPENING, BEGINNING, READING, READING_WITH_ALL_LENT, CHECKPOINT, COMMITTING, DRAINING, ENDED
    }

    /** What happens. */
    enum Event {
        BYTES, ALL_READ, GONE, RESET, SLOW, STOP, WORK, BUFFER, REFUSED, FAULT
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        said.close();
        saidOfAnswers.close();
    }

    static Stream<Arguments> places() {
        return Stream.of(At.values()).flatMap(at -> Stream.of(Arguments.of(at, true), Arguments.of(at, false)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void endsOnceWhateverHappensNext(final At at, final boolean movesLarge) throws IOException {
        for (final Event first : Event.values()) {
            for (final Event second : Event.values()) {
                bring(at, movesLarge);
                happens(first);
                happens(second);
                finish();

                assertThat(exchange.ends()).as("%s, then %s", first, second).hasSize(1);
                assertThat(handler.closed).as("%s, then %s", first, second).isEqualTo(handler.opened ? 1 : 0);
                assertThat(context.underWay()).as("%s, then %s", first, second).isEmpty();
                assertThat(Stream.generate(() -> context.buffers().take(() -> { }).bytes().capacity()).limit(64))
                        .as("%s, then %s", first, second).containsOnly(128 * 1024);
            }
        }
    }

    @Test
    void readsNoMoreWhileFourBuffersAreLentAndGoesOnElsewhereWhenOneComesBack() throws IOException {
        bring(At.READING_WITH_ALL_LENT, false);
        assertThat(exchange.piecesRead()).isEqualTo(4);
        assertThat(upload.isTooSlow()).as("it is not the client's turn").isFalse();
        happens(Event.BUFFER);
        assertThat(exchange.piecesRead()).as("by the thread that gave it back").isEqualTo(4);
        happens(Event.WORK);
        assertThat(exchange.piecesRead()).isEqualTo(5);
        finish();
        assertThat(exchange.ends()).containsExactly("200");
    }

    @Test
    void letsAStopThroughBetweenTwoBuffers() throws IOException {
        bring(At.READING, true);
        exchange.come(PIECES);
        upload.onDataAvailable();
        upload.abort();
        finish();
        assertThat(exchange.piecesRead()).as("a buffer of 128 KiB").isEqualTo(8);
        assertThat(exchange.ends()).containsExactly("completed");
    }

    @Test
    void publishesWhatIsBeingCommittedThoughItsClientIsGone() throws IOException {
        bring(At.COMMITTING, true);
        happens(Event.RESET);
        happens(Event.STOP);
        finish();
        assertThat(exchange.ends()).containsExactly("200");
    }

    private void bring(final At at, final boolean movesLarge) throws IOException {
        tasks.clear();
        exchange = new FakeExchange(PIECE, PIECES, true);
        handler = new Handler();
        final Executor later = tasks::add;
        context = FakeExchange.context(timer, new UploadContext.Workers(later, later, later, later, later), movesLarge);
        upload = exchange.upload(context);
        upload.begin(giveUp -> {
            handler.opened = true;
            return handler;
        });
        while (at != At.OPENING && !handler.begun) {
            happens(Event.WORK);
        }
        while (at.compareTo(At.BEGINNING) > 0 && !exchange.isRead()) {
            happens(Event.WORK);
        }
        switch (at) {
            case READING_WITH_ALL_LENT -> {
                handler.retains = true;
                while (handler.retained.size() < 4) {
                    happens(Event.BYTES);
                    runAll();
                }
                handler.retains = false;
                happens(Event.BYTES);
                runAll();
            }
            case CHECKPOINT -> {
                handler.suspends = true;
                happens(Event.BYTES);
                while (!handler.suspended) {
                    happens(Event.WORK);
                }
                handler.suspends = false;
            }
            case COMMITTING -> {
                while (exchange.piecesRead() < PIECES) {
                    happens(Event.BYTES);
                    runAll();
                }
                happens(Event.ALL_READ);
                while (!handler.committing) {
                    happens(Event.WORK);
                }
            }
            case DRAINING -> {
                happens(Event.REFUSED);
                runAll();
            }
            case ENDED -> {
                happens(Event.STOP);
                runAll();
            }
            default -> {
                // It is there
            }
        }
    }

    private void happens(final Event event) throws IOException {
        switch (event) {
            case BYTES -> {
                exchange.come(1);
                exchange.tell(ReadListener::onDataAvailable);
            }
            case ALL_READ -> exchange.tell(ReadListener::onAllDataRead);
            case GONE -> exchange.tell(listener -> listener.onError(new EOFException()));
            case RESET -> exchange.tell(listener -> listener.onError(new SocketException("Connection reset")));
            case SLOW -> upload.cut();
            case STOP -> upload.abort();
            case WORK -> Optional.ofNullable(tasks.poll()).ifPresent(Runnable::run);
            case BUFFER -> Optional.ofNullable(handler.retained.poll()).ifPresent(Retainable::release);
            case REFUSED -> {
                handler.fault = new IllegalStateException("that a body is refused is no other way");
                happens(Event.BYTES);
            }
            default -> handler.fault = new OutOfMemoryError("Java heap space");
        }
    }

    private void runAll() throws IOException {
        while (!tasks.isEmpty()) {
            happens(Event.WORK);
        }
    }

    /** What a container and a store do in the end. */
    private void finish() throws IOException {
        handler.retains = false;
        handler.suspends = false;
        for (int i = 0; i < 2 * PIECES; i++) {
            runAll();
            happens(Event.BUFFER);
            runAll();
            if (!exchange.hasCome()) {
                happens(Event.BYTES);
            }
        }
        happens(Event.ALL_READ);
        runAll();
    }

    private final class Handler implements BodyHandler {

        private final Deque<Retainable> retained = new ArrayDeque<>();
        private boolean opened;
        private boolean begun;
        private boolean retains;
        private boolean suspends;
        private boolean suspended;
        private boolean committing;
        private Throwable fault;
        private int closed;

        private void meet() {
            FakeExchange.throwAny(fault);
        }

        @Override
        public Suspension begin() {
            begun = true;
            return Suspension.on(tasks::add, this::meet);
        }

        @Override
        public Optional<Suspension> accept(final ByteBuffer in, final Retainable memory) {
            meet();
            in.position(in.limit());
            if (retains && memory.retain()) {
                retained.add(memory);
            }
            suspended = suspends;
            return suspends ? Optional.of(Suspension.on(tasks::add, this::meet)) : Optional.empty();
        }

        @Override
        public void end() {
            meet();
        }

        @Override
        public Suspension commit() {
            committing = true;
            return Suspension.on(tasks::add, this::meet);
        }

        @Override
        public List<Receipt> outcome() {
            return List.of();
        }

        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
