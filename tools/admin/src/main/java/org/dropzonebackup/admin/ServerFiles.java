package org.dropzonebackup.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.dropzonebackup.core.files.OwnDirectories;

/**
 * What servers keep for themselves in a base directory, for the commands that need it.
 *
 * @param base the base directory
 */
record ServerFiles(Path base) {

    /** @throws AdminException if the base directory is not known */
    static ServerFiles of(final AdminSettings settings, final Command command) throws AdminException {
        return new ServerFiles(settings.uploadBaseDir().orElseThrow(() -> AdminException.usage(command + " needs --upload-base-dir DIR")));
    }

    /** The directory of all of it. */
    Path memory() {
        return base.resolve(OwnDirectories.MEMORY);
    }

    /**
     * The directory of the journal, which is there.
     *
     * @throws AdminException if it is not, or this user may not read it
     */
    Path journal() throws AdminException {
        final Path journal = OwnDirectories.journal(base);
        if (!Files.isDirectory(journal)) {
            throw AdminException.refused(Files.isDirectory(memory()) && !Files.isExecutable(memory())
                    ? "This user may not read the journal in " + memory() + ": run this as the user of the server"
                    : "There is no journal " + journal + ": a server makes it when it is started");
        }
        return journal;
    }

    /** What another user adds to the journal could not be read by the server. */
    void refuseOtherUser() throws AdminException, IOException {
        final Path self = Path.of("/proc/self");
        if (Files.exists(self)) {
            final UserPrincipal owner = Files.getOwner(memory());
            if (!owner.equals(Files.getOwner(self))) {
                throw AdminException.refused("The journal belongs to user " + owner.getName() + ": run this as that user, such as with"
                        + " 'runuser -u " + owner.getName() + " --'");
            }
        }
    }
}
