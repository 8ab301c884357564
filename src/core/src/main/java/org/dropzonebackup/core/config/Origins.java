package org.dropzonebackup.core.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a list of web origins (RFC 6454), separated by commas. */
final class Origins {

    private static final String ALL = "*";
    private static final Pattern ORIGIN = Pattern.compile(
            "[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?");

    private Origins() {
    }

    /**
     * @return the origins as browsers send them: in lower case, and without a port that is the usual one
     * @throws IllegalArgumentException if one of them is neither an origin nor {@code *}; {@code null} is none
     */
    static Set<String> parse(final String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).map(Origins::parseOne).collect(Collectors.toSet());
    }

    private static String parseOne(final String text) {
        final String origin = text.toLowerCase(Locale.ROOT).replaceFirst("^(http://.*):80$|^(https://.*):443$", "$1$2");
        if (!origin.equals(ALL) && !ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an origin such as https://example.org, nor *: an origin has no"
                    + " path, not even a / at its end, no wildcard, and letters that are not ASCII as xn--...");
        }
        return origin;
    }
}
