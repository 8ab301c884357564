package org.dropzonebackup.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The project's README. */
final class Readme {

    private static final Path FILE = Path.of("..", "..", "README.md");

    private Readme() {
    }

    /** The first commands below a heading. */
    static String commands(final String heading) throws IOException {
        return commands(heading, 1);
    }

    /** The commands in one of the blocks below a heading; the first is 1. */
    static String commands(final String heading, final int number) throws IOException {
        final Matcher block = Pattern.compile("(?s)\n#+ " + Pattern.quote(heading) + "\n(?:.*?```sh\n(.*?)```){" + number + "}")
                .matcher(Files.readString(FILE));
        if (!block.find()) {
            throw new IOException("no commands below " + heading);
        }
        return block.group(1);
    }
}
