package org.dropzonebackup.core.events;

import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Line;
import org.json.JSONObject;

/**
 * An event for receivers. Immutable.
 *
 * @param id the same each time that it is sent, and of no other one
 * @param time when it was entered
 * @param json {@code type}, {@code timestamp} and {@code data}, as the package documentation says
 */
public record Message(String id, EventType type, Instant time, String json) {

    /** The event of a line; none if receivers are told nothing of it. */
    static Optional<Message> of(final Line line) {
        return EventType.of(line.entry().event()).map(type -> new Message(line.hash(), type, line.time(), new JSONObject()
                .put("type", type.toString()).put("timestamp", line.time().toString()).put("data", data(line)).toString()));
    }

    private static JSONObject data(final Line line) {
        final Entry entry = line.entry();
        final JSONObject data = new JSONObject(entry.details());
        entry.user().ifPresent(user -> data.put("user", user));
        entry.file().ifPresent(file -> {
            data.put("path", file.path()).put("size", file.size()).put("sha256", file.sha256());
            file.submittedName().ifPresent(name -> data.put("submittedName", name));
        });
        entry.address().ifPresent(address -> data.put("address", address));
        if (entry.event() == Event.FOUND) {
            data.put("found", true);
        }
        return data;
    }
}
