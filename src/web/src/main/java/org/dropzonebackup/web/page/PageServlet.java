package org.dropzonebackup.web.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.MalformedURLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.FormOutcome;
import org.dropzonebackup.web.problem.Problem;

/**
 * The servlet of the upload page. Faces starts on a thread of its own, so that uploads are accepted a second or two earlier. A
 * visitor who comes before the page is ready waits, if possible without holding a thread. If Faces does not start, the page is
 * a 503 and uploads are accepted all the same.
 */
public final class PageServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(PageServlet.class.getName());
    private static final Duration START_ENDS = Duration.ofSeconds(20);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
    private static final String NOT_READY =
            "The upload page is not ready; if it stays so, the server's log says why. Uploads to /upload are accepted.";
    private static final String STOPPING = "The server is shutting down: try again later.";

    /** Completed once, when the start has ended; empty if it failed. */
    private final transient CompletableFuture<Optional<Faces>> started = new CompletableFuture<>();
    private transient ServletContext files;
    private transient Thread starter;

    /** What Faces and CDI read the page's files by. */
    @Override
    public ServletContext getServletContext() {
        return files;
    }

    @Override
    public void init(final ServletConfig configuration) throws ServletException {
        try {
            files = PackedFiles.readable(configuration.getServletContext());
        } catch (final MalformedURLException e) {
            throw new ServletException(e);
        }
        super.init(configuration);
    }

    @Override
    public void init() {
        starter = new Thread(this::start, "dropzone-page");
        starter.setDaemon(true);
        starter.setContextClassLoader(PageServlet.class.getClassLoader());
        starter.start();
    }

    private void start() {
        Optional<Faces> faces = Optional.empty();
        try {
            faces = Optional.of(Faces.start(this));
        } catch (final ServletException | RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "the upload page does not start; uploads are accepted without it", e);
        } finally {
            if (!started.complete(faces)) {
                faces.ifPresent(Faces::stop);
            }
        }
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response)
            throws IOException, ServletException {
        if (!started.isDone() && request.isAsyncSupported()) {
            await(request.startAsync());
            return;
        }
        // Jetty's default servlet forwards to the welcome page and allows no asynchronous requests: a thread has to wait
        final Optional<Faces> faces =
                started.copy().completeOnTimeout(Optional.empty(), START_ENDS.toMillis(), TimeUnit.MILLISECONDS).join();
        if (faces.isPresent()) {
            faces.get().show(request, response);
        } else {
            answerWithoutPage(request, response, NOT_READY);
        }
    }

    /** Waits without a thread. The container limits the time, since nothing else of this request is under way. */
    private void await(final AsyncContext async) {
        final AtomicBoolean over = new AtomicBoolean();
        async.setTimeout(START_ENDS.toMillis());
        async.addListener(new AsyncListener() {
            @Override
            public void onTimeout(final AsyncEvent event) throws IOException {
                if (over.compareAndSet(false, true)) {
                    answerWithoutPage((HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse(), NOT_READY);
                    async.complete();
                }
            }

            @Override
            public void onError(final AsyncEvent event) {
                over.set(true);
            }

            @Override
            public void onComplete(final AsyncEvent event) {
                over.set(true);
            }

            @Override
            public void onStartAsync(final AsyncEvent event) {
                // The page itself became asynchronous
            }
        });
        started.thenRun(() -> {
            if (over.compareAndSet(false, true)) {
                EarlyAnswer.dispatch(async, (asked, answer) -> answerWithoutPage(asked, answer, STOPPING));
            }
        });
    }

    private static void answerWithoutPage(final HttpServletRequest request, final HttpServletResponse response,
            final String reason) throws IOException {
        if (request.getAttribute(FormOutcome.ATTRIBUTE) instanceof FormOutcome outcome) {
            outcome.write(request, response);
        } else {
            Answers.write(request, response, Problem.of(new Unavailable(reason, RETRY_AFTER)));
        }
    }

    /** Waits for a start that is under way: if it were cut off, half of it would go on running. */
    @Override
    public void destroy() {
        try {
            starter.join(START_ENDS.toMillis());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (started.complete(Optional.empty())) {
            LOG.log(Level.WARNING, "the start of the upload page does not end: {0}", starter);
        } else {
            started.join().ifPresent(Faces::stop);
        }
    }
}
