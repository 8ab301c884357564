package org.dropzonebackup.core.policy;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of an upload whose path belongs to a stored file. */
public enum Existing {
    /** It is refused. */
    REFUSE,
    /** It is stored beside that file, under the next name of its {@link Series}. */
    KEEP,
    /** It replaces that file. */
    REPLACE;

    /**
     * Reads a value as people write it, such as {@code keep}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static Existing parse(final String text) {
        return Arrays.stream(values()).filter(value -> value.toString().equals(text)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("'" + text + "' is neither refuse, keep nor replace"));
    }

    /** The value as people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
