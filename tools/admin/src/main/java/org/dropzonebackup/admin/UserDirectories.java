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
 * Creates the directories of new users, who cannot upload without one. If the base directory is not known, prints what to do
 * instead.
 *
 * @param base the server's base directory
 */
record UserDirectories(Optional<Path> base) {

    /**
     * Creates missing directories, which get the owner and the group of the base directory.
     *
     * @param directories as written in the users file
     * @throws AdminException if one cannot be created, with the command that creates it
     */
    void create(final Collection<String> directories) throws AdminException {
        final List<Path> missing = new ArrayList<>();
        for (final String directory : directories) {
            final Path path = base.orElse(Path.of("")).resolve(AdminSettings.path(directory));
            if (base.isEmpty() && !path.isAbsolute() || !Files.isDirectory(path)) {
                missing.add(path);
            }
        }
        if (base.isPresent()) {
            for (final Path path : missing) {
                create(path, base.get());
            }
        } else if (!missing.isEmpty()) {
            System.out.println(advice(missing));
        }
    }

    private static void create(final Path path, final Path base) throws AdminException {
        if (!Files.isDirectory(base)) {
            throw AdminException.refused("There is no directory " + base + ", which upload-base-dir names: create it first");
        }
        try {
            Ownership.createDirectories(path, base);
        } catch (final IOException e) {
            throw AdminException.refused("The directory cannot be created: " + FileFault.describe(e) + command(path, base));
        }
        System.out.println("The directory " + path + " was created");
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
                + "auto-create-user-dirs. Give --upload-base-dir to create it here; or, as the server's user:");
        for (final Path path : missing) {
            advice.append(System.lineSeparator()).append("  mkdir ")
                    .append(path.isAbsolute() ? "" : "UPLOAD_BASE_DIR" + File.separator).append(path);
        }
        return advice.toString();
    }
}
