package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.files.AtomicReplace;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * How far the scrubbing of a drop box has come. Immutable.
 *
 * @param complete when the last pass began that has come to its end
 * @param underWay the pass that has not
 */
record ScrubState(Optional<Instant> complete, Optional<Checkpoint> underWay) {

    /** Whether something is to be done, where one pass is to begin so long after the other. */
    boolean isDue(final Duration every, final Instant now) {
        return underWay.isPresent() || complete.filter(began -> now.isBefore(began.plus(every))).isEmpty();
    }

    /**
     * Reads it.
     *
     * @return an empty one if there is none, or not a whole one
     * @throws IOException if it cannot be read
     */
    static ScrubState read(final Path file) throws IOException {
        try {
            final JSONObject json = new JSONObject(Files.readString(file));
            return new ScrubState(Optional.ofNullable(json.optString("complete", null)).map(Instant::parse),
                    Optional.ofNullable(json.optJSONObject("underWay")).map(Checkpoint::of));
        } catch (final NoSuchFileException | JSONException | DateTimeException noneOrCutShort) {
            return new ScrubState(Optional.empty(), Optional.empty());
        }
    }

    /** Writes it, atomically. */
    void write(final Path file) throws IOException {
        final JSONObject json = new JSONObject();
        complete.ifPresent(began -> json.put("complete", began.toString()));
        underWay.ifPresent(checkpoint -> json.put("underWay", checkpoint.toJson()));
        AtomicReplace.replaceAlone(file, json + "\n", false);
    }
}
