package org.dropzonebackup.core.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A source of settings.
 *
 * @param location describes where a key is set, such as {@code environment variable DROPZONE_OVERWRITE}, for error messages
 * @param values returns the text of a setting by its key, or null
 */
public record Source(UnaryOperator<String> location, UnaryOperator<String> values) {

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

    /** The value of a setting in this source; empty if it is not set or blank. */
    Optional<Value> get(final Setting setting) {
        return Optional.ofNullable(values.apply(setting.key())).filter(text -> !text.isBlank())
                .map(text -> new Value(text.strip(), location.apply(setting.key())));
    }

    /**
     * A value that was not parsed yet.
     *
     * @param text without white space around it
     * @param location where it was set, for error messages
     */
    record Value(String text, String location) {
    }
}
