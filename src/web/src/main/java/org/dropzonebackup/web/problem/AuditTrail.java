package org.dropzonebackup.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.log.AuditLine;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.Receipt;

/**
 * What the audit log is told of one request: who sends, and once what became of it, a line for each file. Told before the
 * client is, on whatever thread decides. Safe for threads.
 */
public final class AuditTrail {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(AuditTrail.class.getName()));
    private static final String ATTRIBUTE = AuditTrail.class.getName();

    private final Consumer<AuditLine> log;
    private final Clock clock;
    private final String address;
    private final Optional<String> nameInPath;
    private final String request;
    private final long began = System.nanoTime();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Optional<String> user = Optional.empty();

    private AuditTrail(final Consumer<AuditLine> log, final Clock clock, final String address,
            final Optional<String> nameInPath, final String request) {
        this.log = log;
        this.clock = clock;
        this.address = address;
        this.nameInPath = nameInPath;
        this.request = request;
    }

    /**
     * Begins the trail of a request.
     *
     * @param log takes the lines
     * @param address of the client
     * @param nameInPath the file's, if the path of the request has one
     */
    public static void begin(final HttpServletRequest request, final Consumer<AuditLine> log, final Clock clock,
            final String address, final Optional<String> nameInPath) {
        request.setAttribute(ATTRIBUTE, new AuditTrail(log, clock, address, nameInPath, RequestId.of(request)));
    }

    /** The trail of a request; none if it is no upload, or nobody keeps a log. */
    public static Optional<AuditTrail> of(final HttpServletRequest request) {
        return Optional.ofNullable((AuditTrail) request.getAttribute(ATTRIBUTE));
    }

    /**
     * @param name of the user who sends, as it was submitted
     */
    public void sentBy(final String name) {
        user = Optional.of(name);
    }

    /** All is stored. What is told of a file is what the journal says, if it still has an entry of it. */
    public void stored(final List<Receipt> receipts) {
        if (told.compareAndSet(false, true)) {
            receipts.forEach(receipt -> receipt.entry().map(Line::file).ifPresentOrElse(
                    file -> tellOfStored(file.path(), file.size(), file.sha256()),
                    () -> tellOfStored(receipt.name(), receipt.size(), receipt.sha256())));
        }
    }

    private void tellOfStored(final String name, final long size, final String sha256) {
        tell("stored", OptionalInt.of(200), Optional.of(name), size, Optional.of(sha256), Optional.empty());
    }

    /** Nothing is stored, and nothing was read. */
    public void refused(final Problem problem) {
        refused(problem, List.of(), 0);
    }

    /**
     * Nothing is stored.
     *
     * @param names of the files that had begun, as they were submitted
     * @param received bytes of the body
     */
    public void refused(final Problem problem, final List<String> names, final long received) {
        tellOfEach("refused", OptionalInt.of(problem.status()), names, received, problem.detail());
    }

    /**
     * Nothing is stored, and nobody is answered.
     *
     * @param names of the files that had begun, as they were submitted
     * @param received bytes of the body
     */
    public void gone(final List<String> names, final long received) {
        tellOfEach("gone", OptionalInt.empty(), names, received, "The client went away, or the server stopped.");
    }

    /**
     * An upload that came in pieces is over without being stored, because its client wanted that.
     *
     * @param names as they were submitted, empty ones for those without
     * @param received bytes of it
     */
    public void cancelled(final List<String> names, final long received) {
        tellOfEach("gone", OptionalInt.empty(), names, received, "The client cancelled it.");
    }

    private void tellOfEach(final String outcome, final OptionalInt status, final List<String> names,
            final long received, final String detail) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        if (names.isEmpty()) {
            tell(outcome, status, nameInPath, received, Optional.empty(), Optional.of(detail));
        }
        names.forEach(name -> tell(outcome, status, Optional.of(name).filter(given -> !given.isEmpty()), received,
                Optional.empty(), Optional.of(detail)));
    }

    private void tell(final String outcome, final OptionalInt status, final Optional<String> name, final long size,
            final Optional<String> sha256, final Optional<String> detail) {
        try {
            log.accept(new AuditLine(clock.instant(), outcome, status, user, address, name, size, sha256,
                    Duration.ofNanos(System.nanoTime() - began), detail, request));
        } catch (final RuntimeException | Error e) {
            // It is as it is, and the client has to be told
            FAULTS.report(Level.ERROR, "a line of the audit log is lost", e);
        }
    }
}
