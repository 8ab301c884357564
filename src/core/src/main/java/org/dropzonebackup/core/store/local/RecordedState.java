package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import org.dropzonebackup.core.store.UploadState;

/**
 * The content of the state file of an upload resource; see the package. Immutable.
 *
 * @param generation grows with each replacement of the file, so that of two versions the newer one is known
 * @param state what is recorded
 */
record RecordedState(long generation, UploadState state) {

    private static final String END = "#end\n";
    private static final String FACT = "fact.";
    private static final String GENERATION = "generation";
    private static final int BLOCK = 4096;

    /**
     * The text of the file, filled up to whole blocks: a file system that still takes the file for as long as the one that it
     * replaced gives all of it then.
     */
    String text() {
        final Properties lines = new Properties();
        lines.setProperty(GENERATION, Long.toString(generation));
        lines.setProperty("offset", Long.toString(state.offset()));
        state.length().ifPresent(length -> lines.setProperty("length", Long.toString(length)));
        lines.setProperty("finished", Boolean.toString(state.finished()));
        state.facts().forEach((key, value) -> lines.setProperty(FACT + key, value));
        final StringWriter text = new StringWriter();
        try {
            lines.store(text, null);
        } catch (final IOException e) {
            throw new UncheckedIOException("a string can be written", e);
        }
        final String written = text.toString().replace(System.lineSeparator(), "\n") + "#";
        final String end = "\n" + END;
        return written + " ".repeat(Math.floorMod(-written.length() - end.length(), BLOCK)) + end;
    }

    /** What a whole text says; none if it is torn, which happens only where nothing is synced. */
    static Optional<RecordedState> parse(final String text) {
        if (!text.endsWith(END)) {
            return Optional.empty();
        }
        final Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
            final String length = lines.getProperty("length");
            final Map<String, String> facts = new TreeMap<>();
            lines.stringPropertyNames().stream().filter(key -> key.startsWith(FACT))
                    .forEach(key -> facts.put(key.substring(FACT.length()), lines.getProperty(key)));
            return Optional.of(new RecordedState(Long.parseLong(lines.getProperty(GENERATION, "0")),
                    new UploadState(Long.parseLong(lines.getProperty("offset")),
                            length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length)),
                            Boolean.parseBoolean(lines.getProperty("finished")), facts)));
        } catch (final IOException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}
