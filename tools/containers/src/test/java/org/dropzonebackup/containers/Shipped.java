package org.dropzonebackup.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files of {@code tomcat-conf}. */
final class Shipped {

    private static final Path DIRECTORY = Path.of("..", "..", "tomcat-conf").toAbsolutePath().normalize();

    private Shipped() {
    }

    static Path file(final String name) {
        return DIRECTORY.resolve(name);
    }

    /**
     * Puts a test's paths and ports in place of those that are shipped.
     *
     * @param changes each must be found, or the file would be tested with paths and ports of the real system
     */
    static void edit(final Path file, final Map<String, String> changes) throws IOException {
        String text = Files.readString(file);
        final List<String> missing = new ArrayList<>();
        for (final Map.Entry<String, String> change : changes.entrySet()) {
            if (!text.contains(change.getKey())) {
                missing.add(change.getKey());
            }
            text = text.replace(change.getKey(), change.getValue());
        }
        if (!missing.isEmpty()) {
            throw new IOException(file + " does not contain " + missing);
        }
        Files.writeString(file, text);
    }
}
