package org.dropzonebackup.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with the settings. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param sentence what is wrong, where, and what to do
     * @param unreadable whether the text cannot be read or is missing; else what it names is not there or not usable
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
