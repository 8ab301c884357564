package org.dropzonebackup.core.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Somewhere settings are given.
 *
 * @param describe makes words of a setting's name for whoever has to correct it there, such as
 *        {@code environment variable DROPZONE_OVERWRITE}
 * @param values gives the text of a setting by its name, or null
 */
public record Source(UnaryOperator<String> describe, UnaryOperator<String> values) {

    /** The system properties {@code dropzone.NAME} of this process. */
    public static Source systemProperties() {
        return new Source(name -> "system property dropzone." + name, name -> System.getProperty("dropzone." + name));
    }

    /** The environment variables {@code DROPZONE_NAME} of this process. */
    public static Source environment() {
        return new Source(name -> "environment variable " + variable(name), name -> System.getenv(variable(name)));
    }

    private static String variable(final String name) {
        return "DROPZONE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What is given here; blank is not given. */
    Optional<String> get(final String name) {
        return Optional.ofNullable(values.apply(name)).filter(value -> !value.isBlank());
    }
}
