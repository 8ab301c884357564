package org.dropzonebackup.core.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Somewhere settings are given.
 *
 * @param describe makes words of a setting's key for whoever has to correct it there, such as
 *        {@code environment variable DROPZONE_OVERWRITE}
 * @param values gives the text of a setting by its key, or null
 */
public record Source(UnaryOperator<String> describe, UnaryOperator<String> values) {

    /** The system properties {@code dropzone.NAME} of this process. */
    public static Source systemProperties() {
        return new Source(key -> "system property dropzone." + key, key -> System.getProperty("dropzone." + key));
    }

    /** The environment variables {@code DROPZONE_NAME} of this process. */
    public static Source environment() {
        return new Source(key -> "environment variable " + variable(key), key -> System.getenv(variable(key)));
    }

    private static String variable(final String key) {
        return "DROPZONE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What is given here; blank is not given. */
    Optional<Given> get(final Setting setting) {
        return Optional.ofNullable(values.apply(setting.key())).filter(text -> !text.isBlank())
                .map(text -> new Given(text.strip(), describe.apply(setting.key())));
    }

    /**
     * A setting as it was given.
     *
     * @param text without blanks around it
     * @param where in words
     */
    record Given(String text, String where) {
    }
}
