package org.dropzonebackup.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.LockedFile;
import org.dropzonebackup.core.files.Ownership;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersEditor;

/** Sets up a first run: a users file with one user, a password for it, and the directories that are missing. */
final class FirstUser {

    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int GROUPS = 6;
    private static final int GROUP = 4;

    private FirstUser() {
    }

    /**
     * @param usersFile absolute
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
            Ownership.createDirectories(baseDir.resolve(name.value()));
            Ownership.createDirectories(usersFile.getParent());
            try (LockedFile locked = LockedFile.open(usersFile)) {
                final UsersEditor users = new UsersEditor(locked.read());
                users.set(name, "password", PasswordHash.of(password).text());
                locked.replace(users.toString());
            }
        } catch (final IOException e) {
            throw StartException.unusable("the first run cannot be set up: " + FileFault.describe(e));
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
