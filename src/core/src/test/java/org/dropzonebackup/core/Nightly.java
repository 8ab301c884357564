package org.dropzonebackup.core;

import java.util.stream.Stream;

/** The nightly run, {@code -Pnightly}, which executes long tests in full; other runs execute one case of each kind. */
public final class Nightly {

    /** The system property; for {@code EnabledIfSystemProperty}. */
    public static final String NAME = "nightly";

    private Nightly() {
    }

    /** Whether this is the nightly run. */
    public static boolean isNow() {
        return Boolean.getBoolean(NAME);
    }

    /** All cases of a parameterized test in the nightly run, else the first. */
    public static <T> Stream<T> cases(final Stream<T> all) {
        return isNow() ? all : all.limit(1);
    }
}
