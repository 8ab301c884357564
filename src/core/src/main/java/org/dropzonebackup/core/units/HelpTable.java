package org.dropzonebackup.core.units;

/** A help text in two columns, syntax and description, in lines of 80 characters. Not safe for threads. */
public final class HelpTable {

    private static final int WIDTH = 80;
    private static final int LEFT = 32;
    private static final int INDENT = 2;

    private final StringBuilder text = new StringBuilder();

    /** Adds a row. The syntax stays in one line; the description is wrapped beside it, or below it if it is too long. */
    public HelpTable row(final String syntax, final String description) {
        final StringBuilder line = new StringBuilder(" ".repeat(INDENT)).append(syntax);
        if (line.length() >= LEFT) {
            text.append(line).append(System.lineSeparator());
            line.setLength(0);
        }
        for (final String word : description.split(" ")) {
            if (line.length() > LEFT && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append(System.lineSeparator());
                line.setLength(0);
            }
            line.append(line.length() > LEFT ? " " : " ".repeat(LEFT - line.length())).append(word);
        }
        text.append(line).append(System.lineSeparator());
        return this;
    }

    /** The rows, each line with its end. */
    @Override
    public String toString() {
        return text.toString();
    }
}
