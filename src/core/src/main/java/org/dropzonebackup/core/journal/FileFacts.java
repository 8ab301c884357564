package org.dropzonebackup.core.journal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file that an entry is about. Immutable.
 *
 * @param directory of the user, as the users file writes it
 * @param path below the directory
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal
 * @param submittedName as the client sent it, if that is something else than the path
 */
public record FileFacts(String directory, String path, long size, String sha256, Optional<String> submittedName) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the size is negative or the digest is none */
    public FileFacts {
        if (size < 0 || !isSha256(sha256)) {
            throw new IllegalArgumentException("no size or no digest: " + size + " " + sha256);
        }
    }

    static boolean isSha256(final String text) {
        return SHA256.matcher(text).matches();
    }

    int characters() {
        return directory.length() + path.length() + submittedName.map(String::length).orElse(0);
    }
}
