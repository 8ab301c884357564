package org.dropzonebackup.core.journal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dropzonebackup.core.files.Sha256;
import org.json.JSONException;
import org.json.JSONObject;
import org.json.JSONStringer;

/** Lines as bytes, without their end; see the package for the format. */
final class LineFormat {

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private LineFormat() {
    }

    /** @throws IllegalArgumentException if the event is one that is not written */
    static byte[] format(final long seq, final Instant time, final Entry entry, final String prev) {
        if (entry.event() == Event.OTHER) {
            throw new IllegalArgumentException("only a later version knows this event");
        }
        final JSONStringer json = new JSONStringer();
        json.object()
                .key("seq").value(seq)
                .key("time").value(TIME.format(time))
                .key("event").value(entry.event().text());
        entry.user().ifPresent(user -> json.key("user").value(user));
        entry.file().ifPresent(file -> {
            json.key("directory").value(file.directory())
                    .key("path").value(file.path())
                    .key("size").value(file.size())
                    .key("sha256").value(file.sha256());
            file.submittedName().ifPresent(name -> json.key("submittedName").value(name));
        });
        entry.address().ifPresent(address -> json.key("address").value(address));
        if (!entry.details().isEmpty()) {
            json.key("details").object();
            new TreeMap<>(entry.details()).forEach((name, text) -> json.key(name).value(text));
            json.endObject();
        }
        json.key("prev").value(prev).endObject();
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses a line, whatever its hash should be.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Line parse(final int chain, final byte[] line) {
        try {
            final JSONObject json = new JSONObject(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
            final Entry entry = new Entry(Event.of(json.getString("event")), text(json, "user"), file(json),
                    text(json, "address"), details(json));
            final String prev = json.getString("prev");
            if (!FileFacts.isSha256(prev)) {
                throw new IllegalArgumentException("prev is no hash");
            }
            return new Line(chain, number(json, "seq"), Instant.parse(json.getString("time")), entry, prev, hash(line));
        } catch (final CharacterCodingException | JSONException | DateTimeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<FileFacts> file(final JSONObject json) {
        return json.has("path") ? Optional.of(new FileFacts(json.getString("directory"), json.getString("path"),
                number(json, "size"), json.getString("sha256"), text(json, "submittedName"))) : Optional.empty();
    }

    private static Map<String, String> details(final JSONObject json) {
        final Map<String, String> details = new HashMap<>();
        if (json.has("details")) {
            final JSONObject given = json.getJSONObject("details");
            given.keySet().forEach(name -> details.put(name, given.getString(name)));
        }
        return details;
    }

    private static Optional<String> text(final JSONObject json, final String key) {
        return json.has(key) ? Optional.of(json.getString(key)) : Optional.empty();
    }

    private static long number(final JSONObject json, final String key) {
        final Object value = json.get(key);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException(key + " is no number");
    }

    static String hash(final byte[] line) {
        return HexFormat.of().formatHex(Sha256.of(line));
    }
}
