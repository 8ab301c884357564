package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Refuses the pieces into which scripts for browsers cut a file, each a request of its own: they would be stored as if they were
 * files. Such a script says how many pieces there are, in a field of the form or of the query. Belongs to one request; not safe
 * for threads.
 */
public final class PieceFields {

    /**
     * Fields with the number of pieces: of Dropzone.js; resumable.js; flow.js; simple-uploader.js; Plupload and WebUploader;
     * Fine Uploader; bootstrap-fileinput; Syncfusion; huge-uploader.
     */
    private static final Set<String> COUNTS = Set.of("dztotalchunkcount", "resumabletotalchunks", "flowtotalchunks", "totalchunks",
            "chunks", "qqtotalparts", "chunkcount", "total-chunk", "uploader-chunks-total");
    /** Fields with JSON that has it: of DevExtreme, of Kendo UI. */
    private static final Set<String> JSON = Set.of("chunkmetadata", "metadata");
    /** A field of pieces only: of ng-file-upload. */
    private static final String NUMBER = "_chunknumber";

    private static final Pattern SEVERAL = Pattern.compile("\\s*0*(?:[2-9]|1\\d)\\d*\\s*");
    private static final Pattern SEVERAL_IN_JSON = Pattern.compile("\"(?:TotalCount|totalChunks)\"\\s*:\\s*(?:[2-9]|1\\d)");
    private static final int LONGEST = 4096;

    /** The field that is being read, if it is one of them. */
    private String name = "";
    private final StringBuilder value = new StringBuilder();

    /**
     * Looks at the query and at headers.
     *
     * @throws RefusedException with {@link Malformed} if they say that the body is a piece of a file
     */
    static void refuseIn(final HttpServletRequest request) throws RefusedException {
        for (final String field : Optional.ofNullable(request.getQueryString()).orElse("").split("&")) {
            final String[] pair = field.split("=", 2);
            refuse(decode(pair[0]), pair.length < 2 ? "" : decode(pair[1]));
        }
        final String count = request.getHeader("uploader-chunks-total");
        refuse("uploader-chunks-total", count == null ? "" : count);
    }

    private static String decode(final String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (final IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** Begins a field of the form. */
    public void begin(final Optional<String> field) {
        name = field.map(given -> given.toLowerCase(Locale.ROOT)).filter(PieceFields::isKnown).orElse("");
        value.setLength(0);
    }

    /** Takes more of the field's value. */
    public void take(final ByteBuffer data) {
        if (!name.isEmpty() && value.length() + data.remaining() <= LONGEST) {
            value.append(StandardCharsets.ISO_8859_1.decode(data));
        }
    }

    /**
     * Ends the field.
     *
     * @throws RefusedException with {@link Malformed} if it says that the file of this request is a piece
     */
    public void end() throws RefusedException {
        refuse(name, value.toString());
        name = "";
    }

    private static boolean isKnown(final String key) {
        return COUNTS.contains(key) || JSON.contains(key) || key.equals(NUMBER);
    }

    private static void refuse(final String field, final String value) throws RefusedException {
        final String key = field.toLowerCase(Locale.ROOT);
        final Matcher several = (JSON.contains(key) ? SEVERAL_IN_JSON : SEVERAL).matcher(value);
        if (key.equals(NUMBER) || COUNTS.contains(key) && several.matches() || JSON.contains(key) && several.find()) {
            throw Headers.malformed("This is a piece of a file, as the field '" + key
                    + "' says, and would be stored as if it were the file: send whole files (turn chunking off), or use tus.");
        }
    }
}
