package org.dropzonebackup.admin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.Ownership;

/**
 * The directories of users who are added, without which they cannot upload: made if it is known below which directory, else
 * it is said what is to be done.
 *
 * @param base the server's base directory, if it is known
 */
record UserDirectories(Optional<Path> base) {

    /**
     * Makes those that are missing. They belong to the owner and the group of the base directory.
     *
     * @param directories as the users file has them
     * @throws AdminException if one cannot be made, with the command that makes it
     */
    void provide(final Collection<String> directories) throws AdminException {
        final List<Path> missing = new ArrayList<>();
        for (final String directory : directories) {
            final Path path = base.orElse(Path.of("")).resolve(Places.path(directory));
            if (base.isEmpty() && !path.isAbsolute() || !Files.isDirectory(path)) {
                missing.add(path);
            }
        }
        if (base.isPresent()) {
            for (final Path path : missing) {
                make(path, base.get());
            }
        } else if (!missing.isEmpty()) {
            System.out.println(advice(missing));
        }
    }

    private static void make(final Path path, final Path base) throws AdminException {
        if (!Files.isDirectory(base)) {
            throw AdminException.refused("There is no directory " + base + ", which upload-base-dir names: make it first");
        }
        try {
            Ownership.createDirectories(path, base);
        } catch (final IOException e) {
            throw AdminException.refused("The directory cannot be made: " + FileFault.describe(e) + command(path, base));
        }
        System.out.println("The directory " + path + " is made");
    }

    private static String command(final Path path, final Path base) {
        try {
            final PosixFileAttributes like = Files.readAttributes(base, PosixFileAttributes.class);
            return ". As root: install -d -m 750 -o " + like.owner().getName() + " -g " + like.group().getName() + " " + path;
        } catch (final IOException | UnsupportedOperationException noOwners) {
            return "";
        }
    }

    private static String advice(final List<Path> missing) {
        final StringBuilder advice = new StringBuilder("Uploads fail until there is a directory, unless the server has "
                + "auto-create-user-dirs. Say --upload-base-dir, and it is made here; or, as the server's user:");
        for (final Path path : missing) {
            advice.append(System.lineSeparator()).append("  mkdir ")
                    .append(path.isAbsolute() ? "" : "UPLOAD_BASE_DIR" + File.separator).append(path);
        }
        return advice.toString();
    }
}
