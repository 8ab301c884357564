package org.dropzonebackup.web.proof;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.receive.DropBox;
import org.dropzonebackup.core.receive.FileStates;
import org.dropzonebackup.core.receive.FileStates.Claim;
import org.dropzonebackup.core.receive.ReceiptSigner;
import org.dropzonebackup.core.refusal.Refusal.Unavailable;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.verify.LastRead;
import org.dropzonebackup.web.problem.Answers;
import org.dropzonebackup.web.problem.EarlyAnswer;
import org.dropzonebackup.web.problem.Problem;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.json.JSONStringer;

/**
 * {@code POST /verify}: the state of files of which the client has receipts, or knows path, size and SHA-256. Method and sender
 * were judged before. Whoever has no user is told nothing.
 */
public final class VerifyServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final int MOST_FILES = 1000;
    /** Bytes: of so many receipts with long paths. */
    private static final int LONGEST = 8 << 20;
    private static final FaultLog FAULTS = new FaultLog(System.getLogger(VerifyServlet.class.getName()));
    /** Requests that are read by a thread of the container's, however slowly they come. */
    private static final int MOST_AT_ONCE = 4;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Claim NONE = new Claim("", 0, "", Optional.empty());

    private final transient Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    private final transient ReceiptSigner signer;
    private final transient FileStates states;
    private final transient LastRead lastRead;
    private final transient EarlyAnswer early;
    private final String dropBoxAttribute;

    /**
     * @param lastRead when files were read again
     * @param early refuses
     * @param dropBoxAttribute the request attribute with the {@link DropBox} of the sender
     */
    public VerifyServlet(final ReceiptSigner signer, final FileStates states, final LastRead lastRead, final EarlyAnswer early,
            final String dropBoxAttribute) {
        this.signer = signer;
        this.states = states;
        this.lastRead = lastRead;
        this.early = early;
        this.dropBoxAttribute = dropBoxAttribute;
    }

    @Override
    protected void service(final HttpServletRequest request, final HttpServletResponse response) throws IOException {
        final DropBox box = (DropBox) request.getAttribute(dropBoxAttribute);
        if (box.user().isEmpty()) {
            early.refuse(request, response, new Problem(403, "Only users can ask for the state of their files.", Map.of()));
            return;
        }
        if (request.getContentLengthLong() > LONGEST) {
            early.refuse(request, response, tooLong());
        } else if (!atOnce.tryAcquire()) {
            early.refuse(request, response, Problem.of(new Unavailable(
                    "The server looks after the receipts of " + MOST_AT_ONCE + " others: try again later.", RETRY_AFTER)));
        } else {
            try {
                answer(request, response, box);
            } finally {
                atOnce.release();
            }
        }
    }

    private void answer(final HttpServletRequest request, final HttpServletResponse response, final DropBox box) throws IOException {
        final byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            early.refuse(request, response, tooLong());
            return;
        }
        try {
            final JSONObject sent = new JSONObject(new BoundedJson(new String(body, StandardCharsets.UTF_8)));
            final List<Claim> claims = claims(box.user(), sent);
            Answers.write(response, HttpServletResponse.SC_OK, "application/json", answer(box, claims));
        } catch (final JSONException malformed) {
            early.refuse(request, response, new Problem(400, "Send a JSON object with up to " + MOST_FILES
                    + " receipts, {\"receipts\": [\"...\"]}, or with what you know of files,"
                    + " {\"files\": [{\"path\": \"...\", \"size\": 1, \"sha256\": \"...\"}]}.", Map.of()));
        } catch (final RefusedException e) {
            early.refuse(request, response, Problem.of(e.refusal()));
        }
    }

    private static Problem tooLong() {
        return new Problem(413, "The body is longer than " + LONGEST + " bytes: send fewer receipts at a time.", Map.of());
    }

    /** @throws JSONException if it is not what is to be sent */
    private List<Claim> claims(final Optional<String> user, final JSONObject sent) {
        final List<Claim> claims = new ArrayList<>();
        final boolean receipts = sent.has("receipts");
        final JSONArray items = sent.getJSONArray(receipts ? "receipts" : "files");
        if (receipts && sent.has("files") || items.length() > MOST_FILES) {
            throw new JSONException("both, or too many");
        }
        for (int i = 0; i < items.length(); i++) {
            if (receipts) {
                claims.add(signer.read(user, items.getString(i)).orElse(NONE));
            } else {
                final JSONObject file = items.getJSONObject(i);
                claims.add(new Claim(file.getString("path"), file.getLong("size"), file.getString("sha256").toLowerCase(Locale.ROOT),
                        Optional.empty()));
            }
        }
        return claims;
    }

    private String answer(final DropBox box, final List<Claim> claims) throws RefusedException, IOException {
        final JSONStringer json = new JSONStringer();
        json.object().key("files").array();
        for (final Claim claim : claims) {
            final FileStates.Told told = states.of(box, claim);
            json.object();
            if (claim != NONE) {
                json.key("path").value(claim.path());
            }
            json.key("state").value(told.state().toString().toLowerCase(Locale.ROOT));
            if (told.entry().isPresent() && told.state() != FileStates.State.MISSING) {
                json.key("lastRead").value(lastRead(told.entry().get()));
            }
            if (claim.entry().isPresent()) {
                json.key("journaled").value(isEntered(claim));
            }
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    private boolean isEntered(final Claim claim) throws IOException {
        final boolean entered = states.isEntered(claim.entry().get());
        if (!entered) {
            FAULTS.report(Level.ERROR, "the journal was altered: it has not the entry of a receipt that this server has signed, "
                    + claim.entry().get());
        }
        return entered;
    }

    /** When the server had the whole content in hand: since it has entered the file, or when it did. */
    private Instant lastRead(final Line entry) throws IOException {
        return lastRead.of(entry.file().directory(), entry.file().path(), entry.time()).orElse(entry.time());
    }
}
