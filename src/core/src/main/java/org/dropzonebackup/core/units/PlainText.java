package org.dropzonebackup.core.units;

import java.util.regex.Pattern;

/** Texts that others have chosen, for a terminal or a line of a log. */
public final class PlainText {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\x80-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]");

    private PlainText() {
    }

    /** The text with its control characters, and those that change its direction, written out: {@code \x1b}. */
    public static String of(final String text) {
        return CONTROL.matcher(text).replaceAll(found -> "\\\\x%02x".formatted((int) found.group().charAt(0)));
    }
}
