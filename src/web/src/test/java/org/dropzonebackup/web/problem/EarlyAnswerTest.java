package org.dropzonebackup.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EarlyAnswerTest {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AtomicInteger ends = new AtomicInteger();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    /** Refused requests that were kept until their time is over filled the memory: a few hundred a second are enough. */
    @Test
    void keepsNoRequestThatHasEnded() throws IOException {
        final EarlyAnswer early = new EarlyAnswer(timer, Runnable::run, Duration.ofHours(1));
        final HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                EarlyAnswerTest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> null);
        final ReadListener drain = early.drain(request, ends::incrementAndGet);
        assertThat(timer.getQueue()).hasSize(1).noneMatch(task -> ((Future<?>) task).isCancelled());

        drain.onAllDataRead();

        assertThat(timer.getQueue()).allMatch(task -> ((Future<?>) task).isCancelled());
        assertThat(ends).hasValue(1);
    }
}
