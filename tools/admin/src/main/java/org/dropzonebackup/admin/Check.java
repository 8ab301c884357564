package org.dropzonebackup.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersFile;

/**
 * Reports everything that is wrong with the users file.
 *
 * @param baseDir the base directory; if empty, relative directories are not checked
 * @param serverMemory the heap of the server
 */
record Check(Path file, Optional<Path> baseDir, ByteSize serverMemory) {

    /** The heap in the shipped units and scripts. */
    static final String DEFAULT_MEMORY = "256 MiB";

    void run() throws AdminException, IOException {
        final UsersFile users = UsersFile.read(file);
        final List<String> wrong = new ArrayList<>(users.problems());
        if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
            final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_READ) || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                wrong.add(file + " can be read by others than its owner: chmod 600 " + file);
            }
        }
        for (final User user : users.users().values()) {
            missing(user).ifPresent(wrong::add);
            tooLarge(user).ifPresent(wrong::add);
        }
        if (!wrong.isEmpty()) {
            throw AdminException.refused(String.join(System.lineSeparator(), wrong));
        }
        System.out.println((users.users().size() == 1 ? "1 user" : users.users().size() + " users") + ", nothing wrong");
    }

    private Optional<String> missing(final User user) throws AdminException {
        final Path directory = baseDir.orElse(Path.of("")).resolve(AdminSettings.path(user.directory()));
        return (directory.isAbsolute() || baseDir.isPresent()) && !Files.isDirectory(directory)
                ? Optional.of("user " + user.name() + ": there is no directory " + directory) : Optional.empty();
    }

    private Optional<String> tooLarge(final User user) {
        return user.passwordHash().filter(hash -> hash.serverMemory() > serverMemory.bytes())
                .map(hash -> "user " + user.name() + ": the password hash takes " + mebibytes(hash.memory())
                        + " MiB, too much for a server with -Xmx" + mebibytes(serverMemory.bytes())
                        + "m, which answers 503: set a new password, or give the server -Xmx"
                        + mebibytes(hash.serverMemory()) + "m and run this with --server-memory "
                        + mebibytes(hash.serverMemory()) + "MiB");
    }

    private static long mebibytes(final long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
