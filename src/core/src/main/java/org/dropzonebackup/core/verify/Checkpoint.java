package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.journal.Position;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * How far a verification has come: all before it is done and told. Immutable.
 *
 * @param started when
 * @param position in the chains, which are read one after the other
 * @param directories of users that the entries before it name
 * @param files that were read
 * @param bytes that were read
 * @param wrong how much was found
 */
public record Checkpoint(Instant started, Position position, Set<String> directories, long files, long bytes, long wrong) {

    /** Copies the directories. */
    public Checkpoint {
        directories = Set.copyOf(directories);
    }

    /** Before everything. */
    public static Checkpoint start(final Instant now) {
        return new Checkpoint(now, Position.start(0), Set.of(), 0, 0, 0);
    }

    /**
     * As JSON.
     *
     * @return what {@link #of} reads
     */
    JSONObject toJson() {
        return position.toJson().put("started", started.toString()).put("directories", new TreeSet<>(directories))
                .put("files", files).put("bytes", bytes).put("wrong", wrong);
    }

    /**
     * @throws JSONException if it is none
     * @throws DateTimeException the same
     */
    static Checkpoint of(final JSONObject json) {
        final Set<String> directories = new TreeSet<>();
        json.getJSONArray("directories").forEach(directory -> directories.add((String) directory));
        return new Checkpoint(Instant.parse(json.getString("started")), Position.of(json), directories, json.getLong("files"),
                json.getLong("bytes"), json.getLong("wrong"));
    }

    /**
     * Writes it to a file, atomically.
     *
     * @throws IOException if it cannot be written; the file is as before
     */
    public void write(final Path file) throws IOException {
        AtomicReplace.replaceAlone(file, toJson() + "\n", false);
    }

    /**
     * Reads it from a file.
     *
     * @return none if there is none, or not a whole one
     * @throws IOException if it cannot be read
     */
    public static Optional<Checkpoint> read(final Path file) throws IOException {
        try {
            return Optional.of(of(new JSONObject(Files.readString(file))));
        } catch (final NoSuchFileException | JSONException | DateTimeException noneOrCutShort) {
            return Optional.empty();
        }
    }
}
