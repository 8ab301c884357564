package org.dropzonebackup.core.files;

import java.nio.file.Path;
import java.util.List;

/** The directories in the base directory that hold no uploads: the server needs them for itself. */
public final class OwnDirectories {

    /** What the server remembers: the journal, and what belongs to it. */
    public static final String MEMORY = ".dropzone";
    /** Marks of used challenges. */
    public static final String MARKS = ".challenges";
    /** Their names. */
    public static final List<String> ALL = List.of(MEMORY, MARKS);

    private OwnDirectories() {
    }

    /** Where the journal is. */
    public static Path journal(final Path base) {
        return base.resolve(MEMORY).resolve("journal");
    }
}
