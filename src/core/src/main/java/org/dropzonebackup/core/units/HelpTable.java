package org.dropzonebackup.core.units;

/** Two columns for people who ask for help: what is typed and what it means, in lines of 80 characters. Not safe for threads. */
public final class HelpTable {

    private static final int WIDTH = 80;
    private static final int LEFT = 32;
    private static final int INDENT = 2;

    private final StringBuilder text = new StringBuilder();

    /** Adds a row. What is typed stays in one line, the meaning beside it or, if there is no room, below. */
    public HelpTable row(final String typed, final String meaning) {
        final StringBuilder line = new StringBuilder(" ".repeat(INDENT)).append(typed);
        if (line.length() >= LEFT) {
            text.append(line).append(System.lineSeparator());
            line.setLength(0);
        }
        for (final String word : meaning.split(" ")) {
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
