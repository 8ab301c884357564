package org.dropzonebackup.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown with everything that is wrong with the settings. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param sentence what is wrong, where, and what to do
     * @param unreadable whether the text is missing or malformed; else it names something that is missing or not usable
     */
    public record Problem(String sentence, boolean unreadable) {
    }

    SettingsException(final List<Problem> problems) {
        super(problems.stream().map(Problem::sentence).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }
}
