package org.dropzonebackup.web.upload;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;

/** A request whose body comes in pieces of one size when a test says so, and what its client is told. */
final class FakeExchange {

    private final int piece;
    private final int pieces;
    private final boolean committed;
    private final Input input = new Input();
    private final List<String> ends = new ArrayList<>();
    /** What is thrown in place of an answer, or null. */
    private Throwable fault;
    /** Of an answer that the application wrote itself; 0: none. */
    private int status;

    /**
     * @param committed whether the container has begun to answer
     */
    FakeExchange(final int piece, final int pieces, final boolean committed) {
        this.piece = piece;
        this.pieces = pieces;
        this.committed = committed;
    }

    static UploadContext context(final ScheduledExecutorService timer, final UploadContext.Workers workers, final boolean movesLarge) {
        return new UploadContext(new EarlyAnswer(timer, Runnable::run, Duration.ofSeconds(1)), workers, movesLarge, 1,
                Duration.ofSeconds(60), UploadMeter.NONE);
    }

    Upload upload(final UploadContext context) {
        return new Upload(async(), context, new Told());
    }

    private AsyncContext async() {
        final HttpServletRequest request = stub(HttpServletRequest.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getServletContext" -> stub(ServletContext.class, (its, asked, with) -> null);
            case "getContentLengthLong" -> (long) pieces * piece;
            case "getProtocol" -> "HTTP/1.1";
            case "getInputStream" -> input;
            default -> null;
        });
        final HttpServletResponse response = stub(HttpServletResponse.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isCommitted" -> committed;
            case "setStatus" -> status = (int) arguments[0];
            case "setHeader", "reset" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        });
        return stub(AsyncContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getRequest" -> request;
            case "getResponse" -> response;
            case "complete" -> ends.add("completed");
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    @SuppressWarnings("unchecked")
    private static <T> T stub(final Class<T> type, final InvocationHandler answers) {
        return (T) Proxy.newProxyInstance(FakeExchange.class.getClassLoader(), new Class<?>[] {type}, answers);
    }

    /** How the request ended: with a status, or completed otherwise. */
    List<String> ends() {
        return ends;
    }

    int status() {
        return status;
    }

    void failWith(final Throwable whenAnswering) {
        fault = whenAnswering;
    }

    /** Whether somebody listens: a container tells nothing before. */
    boolean isRead() {
        return input.listener != null;
    }

    int piecesRead() {
        return input.read;
    }

    /** Whether all of the body has come, read or not. */
    boolean hasCome() {
        return input.read + input.available >= pieces;
    }

    /** More pieces come, of which nobody is told. */
    void come(final int more) {
        input.available += more;
    }

    interface Telling {
        void tell(ReadListener listener) throws IOException;
    }

    void tell(final Telling telling) throws IOException {
        if (isRead()) {
            telling.tell(input.listener);
        }
    }

    @SuppressWarnings("unchecked")
    static <X extends Throwable> void throwAny(final Throwable thrown) throws X {
        if (thrown != null) {
            throw (X) thrown;
        }
    }

    private final class Told implements Answer {

        private void end(final int told) {
            throwAny(fault);
            ends.add(Integer.toString(told));
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
            return stub(ReadListener.class, (proxy, method, arguments) -> null);
        }
    }

    private final class Input extends ServletInputStream {

        private ReadListener listener;
        private int available;
        private int read;

        @Override
        public int read(final byte[] array, final int offset, final int length) {
            available--;
            read++;
            return piece;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isReady() {
            return available > 0;
        }

        @Override
        public boolean isFinished() {
            return read >= pieces;
        }

        @Override
        public void setReadListener(final ReadListener given) {
            listener = given;
        }
    }
}
