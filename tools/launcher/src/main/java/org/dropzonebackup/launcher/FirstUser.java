package org.dropzonebackup.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.UserName;

/** Sets up a first run: a users file with one user, a password for it, and the directories that are missing. */
final class FirstUser {

    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int GROUPS = 6;
    private static final int GROUP = 4;

    private FirstUser() {
    }

    /**
     * @return the password, or nothing if there is a users file already; nothing is changed then
     * @throws StartException if the name is none, or something cannot be created
     */
    static Optional<String> setUp(final String submitted, final Path usersFile, final Path baseDir) throws StartException {
        final UserName name = UserName.parse(submitted)
                .orElseThrow(() -> StartException.usage("option --first-user: '" + submitted + "' is not a user name"));
        if (Files.exists(usersFile)) {
            return Optional.empty();
        }
        final String password = newPassword();
        try {
            Files.createDirectories(baseDir.resolve(name.value()));
            Files.createDirectories(usersFile.toAbsolutePath().getParent());
            if (Files.getFileStore(usersFile.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(usersFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(usersFile);
            }
            Files.writeString(usersFile, name + ".password = " + PasswordHash.of(password).text() + "\n",
                    StandardCharsets.UTF_8, StandardOpenOption.SYNC);
        } catch (final IOException e) {
            throw StartException.unusable("the first run cannot be set up: " + e);
        }
        return Optional.of(password);
    }

    /** 24 letters of five bits each: 120 bits. */
    private static String newPassword() {
        final SecureRandom random = new SecureRandom();
        final StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                password.append('-');
            }
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
