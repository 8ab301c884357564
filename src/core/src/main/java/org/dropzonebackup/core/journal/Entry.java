package org.dropzonebackup.core.journal;

import java.util.Map;
import java.util.Optional;

/**
 * What is to be remembered. Immutable.
 *
 * @param event what happened
 * @param user whom it is about; none: anonymous, or nobody
 * @param file which it is about; none if it is about no file
 * @param address of the client, if one had to do with it
 * @param details whatever else is to be told, by name
 */
public record Entry(Event event, Optional<String> user, Optional<FileFacts> file, Optional<String> address,
        Map<String, String> details) {

    /** So that a line stays below {@link SegmentLines#LONGEST} even if each character is escaped. */
    private static final int MOST_CHARACTERS = 150_000;

    /** @throws IllegalArgumentException if the texts have more than 150,000 characters, or an event of a file has none */
    public Entry {
        details = Map.copyOf(details);
        if (event.isOfAFile() && file.isEmpty()) {
            throw new IllegalArgumentException("no file");
        }
        if (file.map(FileFacts::characters).orElse(0) + length(user) + length(address) + details.entrySet().stream()
                .mapToInt(each -> each.getKey().length() + each.getValue().length()).sum() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("too long for an entry");
        }
    }

    /** What became of a file. */
    public Entry(final Event event, final Optional<String> user, final FileFacts file, final Optional<String> address) {
        this(event, user, Optional.of(file), address, Map.of());
    }

    /** Something that is about no file. */
    public Entry(final Event event, final Optional<String> user, final Optional<String> address, final Map<String, String> details) {
        this(event, user, Optional.empty(), address, details);
    }

    private static int length(final Optional<String> text) {
        return text.map(String::length).orElse(0);
    }
}
