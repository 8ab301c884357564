package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.ReceiptSigner;
import org.dropzonebackup.web.problem.Answers;
import org.json.JSONStringer;

/**
 * Writes the answer for stored files: their receipts if the client asks for JSON; the signed ones alone, a line each, if it asks
 * for {@code application/jose}; else {@code OK}. Behind that stands the path of a file that got another name than its client gave
 * it; of several files, each has a line with its path. If nothing can be signed, a last line says so to who asked for that. Safe for threads.
 */
public final class Receipts {

    private static final String SIGNED = "application/jose";
    /** Characters; containers bound the headers of an answer, and some to 8 KiB. */
    private static final int LONGEST_HEADER = 4000;

    private final ReceiptSigner signer;

    public Receipts(final ReceiptSigner signer) {
        this.signer = signer;
    }

    /** The value of {@code Repr-Digest} (RFC 9530) for a stored file. */
    public static String digest(final Receipt receipt) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(receipt.sha256())) + ":";
    }

    /**
     * The value of {@code Content-Disposition} (RFC 6266, RFC 8187) for a stored file. Its slashes are encoded like all that is
     * no letter or digit.
     */
    public static String disposition(final Receipt receipt) {
        return "attachment; filename*=UTF-8''"
                + URLEncoder.encode(receipt.name(), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
    }

    /**
     * Writes the answer; only the closing of the response is left to the caller.
     *
     * @param user whose drop box the files went into; none: the anonymous one
     * @throws IOException if the client is gone
     */
    public void write(final HttpServletRequest request, final HttpServletResponse response,
            final Optional<String> user, final List<Receipt> receipts) throws IOException {
        if (Answers.wants(request, SIGNED)) {
            final List<String> signed = receipts.stream().flatMap(receipt -> signer.sign(user, receipt).stream()).toList();
            if (signed.size() == receipts.size()) {
                Answers.write(response, HttpServletResponse.SC_OK, SIGNED, String.join("\n", signed) + '\n');
                return;
            }
            Answers.write(response, HttpServletResponse.SC_OK, "text/plain",
                    text(receipts).strip() + "\nThere is no receipt: the server cannot sign, and its log says why.\n");
            return;
        }
        if (!Answers.wantsJson(request)) {
            Answers.write(response, HttpServletResponse.SC_OK, "text/plain", text(receipts));
            return;
        }
        final JSONStringer json = new JSONStringer();
        json.object().key("files").array();
        for (final Receipt receipt : receipts) {
            json.object().key("name").value(receipt.name());
            receipt.submittedName().ifPresent(name -> json.key("submittedName").value(name));
            json.key("size").value(receipt.size()).key("sha256").value(receipt.sha256()).key("storedAt").value(receipt.storedAt().toString());
            user.ifPresent(name -> json.key("user").value(name));
            signer.sign(user, receipt).ifPresent(signed -> json.key("receipt").value(signed));
            json.endObject();
        }
        json.endArray().endObject();
        Answers.write(response, HttpServletResponse.SC_OK, "application/json", json.toString());
    }

    /**
     * Adds the signed receipt of a file as {@code Upload-Receipt} to an answer without a body, if the client asks for {@code
     * application/jose}. It is left out if the path is too long for a header.
     */
    public void tell(final HttpServletRequest request, final HttpServletResponse response, final Optional<String> user,
            final Receipt receipt) {
        if (Answers.wants(request, SIGNED)) {
            signer.sign(user, receipt).filter(signed -> signed.length() <= LONGEST_HEADER)
                    .ifPresent(signed -> response.setHeader("Upload-Receipt", signed));
        }
    }

    private static String text(final List<Receipt> receipts) {
        if (receipts.size() == 1) {
            return receipts.get(0).isRenamed() ? "OK " + receipts.get(0).name() + '\n' : "OK";
        }
        return receipts.stream().map(receipt -> receipt.name() + '\n').collect(Collectors.joining("", "OK\n", ""));
    }
}
