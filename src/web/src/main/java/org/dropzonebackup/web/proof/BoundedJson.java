package org.dropzonebackup.web.proof;

import org.json.JSONException;
import org.json.JSONTokener;

/**
 * Reads JSON from anybody: refuses what would take far more memory or time than its length. A number of a million digits takes
 * Java a minute. For one thread.
 */
final class BoundedJson extends JSONTokener {

    /** In a row. A file name can have 255, a signed text hardly as many. */
    private static final int MOST_DIGITS = 1000;
    /** Commas, colons and opening brackets, some of them counted twice; those in paths count too. A semicolon is taken for a comma. */
    private static final int MOST_VALUES = 100_000;

    private int digits;
    private int values;

    BoundedJson(final String text) {
        super(text);
    }

    /** @throws JSONException also where the text has more than the bounds allow */
    @Override
    public char next() {
        final char next = super.next();
        digits = next >= '0' && next <= '9' ? digits + 1 : 0;
        if (",;:{[".indexOf(next) >= 0) {
            values++;
        }
        if (digits > MOST_DIGITS || values > MOST_VALUES) {
            throw new JSONException("too much");
        }
        return next;
    }
}
