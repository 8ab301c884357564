package org.dropzonebackup.core.journal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is to be remembered of one file. Immutable.
 *
 * @param event what became of it
 * @param user whose it is; none: anonymous
 * @param directory of the user, as the users file writes it
 * @param path below the directory
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal
 * @param submittedName as the client sent it, if that is something else than the path
 * @param address of the client, if one had to do with it
 */
public record Entry(Event event, Optional<String> user, String directory, String path, long size, String sha256,
        Optional<String> submittedName, Optional<String> address) {

    /** So that a line stays below {@link SegmentLines#LONGEST} even if each character is escaped. */
    private static final int MOST_CHARACTERS = 150_000;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * @throws IllegalArgumentException if the size is negative, the digest is none, or the texts have more than 150,000
     *         characters
     */
    public Entry {
        if (size < 0 || !isSha256(sha256)) {
            throw new IllegalArgumentException("no size or no digest: " + size + " " + sha256);
        }
        if (directory.length() + path.length() + length(user) + length(submittedName) + length(address) > MOST_CHARACTERS) {
            throw new IllegalArgumentException("too long for an entry");
        }
    }

    static boolean isSha256(final String text) {
        return SHA256.matcher(text).matches();
    }

    private static int length(final Optional<String> text) {
        return text.map(String::length).orElse(0);
    }
}
