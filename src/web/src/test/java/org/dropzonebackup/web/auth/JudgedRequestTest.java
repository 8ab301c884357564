package org.dropzonebackup.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.web.RequestStub;
import org.junit.jupiter.api.Test;

class JudgedRequestTest {

    private static final List<Throwable> NO_THREAD = List.of(new RejectedExecutionException("no threads any more"),
            new OutOfMemoryError("unable to create native thread"));

    /** What was asked of the asynchronous part of the request, and of its answer. */
    private final List<String> asked = new ArrayList<>();
    private Consumer<Runnable> container = Runnable::run;

    private final HttpServletResponse response = stub(HttpServletResponse.class);

    @Test
    void endsWhereNobodyTakesIt() {
        judged().goOn(response, () -> asked.add("answered"));
        assertThat(asked).containsExactly("setTimeout", "start", "answered", "complete");
    }

    @Test
    void isLeftToWhoTakesIt() {
        final JudgedRequest judged = judged();
        judged.goOn(response, () -> assertThat(judged.isAsyncStarted()).isFalse());
        asked.clear();
        judged.goOn(response, judged::startAsync);
        assertThat(judged.isAsyncStarted()).isTrue();
        assertThat(asked).containsExactly("start");
    }

    @Test
    void isAnsweredWhateverIsThrown() {
        try (CapturedLog log = new CapturedLog(JudgedRequest.class)) {
            for (final Throwable thrown : List.of(new IllegalStateException("a fault"), new StackOverflowError("a fault"))) {
                asked.clear();
                judged().goOn(response, () -> {
                    throwAnything(thrown);
                });
                assertThat(asked).startsWith("setTimeout", "start", "isCommitted", "setStatus 500").endsWith("complete");
            }
            assertThat(log.lines()).containsExactly("SEVERE a request failed", "SEVERE a request failed");
        }
    }

    @Test
    void endsWithItsClient() {
        judged().goOn(response, () -> {
            throw new IOException("the client is gone");
        });
        assertThat(asked).containsExactly("setTimeout", "start", "complete");
    }

    @Test
    void isAnsweredByAContainerThatHasNoThread() {
        for (final Throwable thrown : NO_THREAD) {
            asked.clear();
            container = task -> throwAnything(thrown);
            judged().goOn(response, () -> asked.add("answered"));
            assertThat(asked).containsExactly("setTimeout", "start", "answered", "complete");
        }
    }

    @Test
    void isAnsweredOnceByAContainerThatQueuesItAndThenFails() {
        container = task -> {
            task.run();
            throwAnything(NO_THREAD.get(1));
        };
        judged().goOn(response, () -> asked.add("answered"));
        assertThat(asked).containsExactly("setTimeout", "start", "answered", "complete");
    }

    @Test
    void isUnavailableWhereItsServletGetsNoThread() {
        try (CapturedLog log = new CapturedLog(JudgedRequest.class)) {
            for (final Throwable thrown : NO_THREAD) {
                asked.clear();
                judged().goOn(response, () -> throwAnything(thrown));
                assertThat(asked).contains("setStatus 503").endsWith("complete");
            }
            assertThat(log.lines()).hasSize(NO_THREAD.size());
        }
    }

    @Test
    void isOverWhereItsContainerHasEndedIt() {
        container = task -> {
            throw new IllegalStateException("recycled");
        };
        judged().goOn(response, () -> asked.add("answered"));
        assertThat(asked).containsExactly("setTimeout", "start");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAnything(final Throwable thrown) throws T {
        throw (T) thrown;
    }

    private JudgedRequest judged() {
        final HttpServletRequest request =
                RequestStub.of(Map.of("startAsync", stub(AsyncContext.class)), Map.of("Accept", List.of("text/plain")));
        return new JudgedRequest(request);
    }

    private <T> T stub(final Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            asked.add(method.getName() + (method.getName().equals("setStatus") ? " " + arguments[0] : ""));
            if (method.getName().equals("start")) {
                container.accept((Runnable) arguments[0]);
            } else if (method.getName().equals("getOutputStream")) {
                throw new IOException("nobody reads");
            }
            return method.getReturnType() == boolean.class ? false : null;
        }));
    }
}
