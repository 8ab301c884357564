package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.files.Sha256;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.verify.Finding.Kind;

/** Compares a file with its entry, and reads it once, in steps. Belongs to one thread. */
final class FileCheck {

    private static final long STEP = 4 << 20;

    private final Homes homes;
    private final Pace pace;
    private long files;
    private long bytes;

    FileCheck(final Homes homes, final Pace pace) {
        this.homes = homes;
        this.pace = pace;
    }

    /**
     * What was seen of a file.
     *
     * @param file what was there
     * @param wrong none if it is as the entry says
     */
    record Seen(Optional<StoredFile> file, Optional<Kind> wrong, String detail) {

        /** Whether all is still there, or not there, as it was. */
        boolean isUnchanged(final Optional<StoredFile> now) throws IOException {
            return file.isPresent() ? file.get().isUnchanged() : now.isEmpty();
        }
    }

    /** Looks at a file, and reads it if its size is right. */
    Seen look(final FileFacts expected) throws InterruptedException {
        Optional<StoredFile> file = Optional.empty();
        try {
            file = find(expected.directory(), expected.path());
            if (file.isEmpty()) {
                return new Seen(file, Optional.of(Kind.MISSING), "there is none");
            }
            return look(expected, file.get());
        } catch (final IOException | IllegalArgumentException e) {
            return new Seen(file, Optional.of(Kind.UNREADABLE), e.getMessage());
        }
    }

    /**
     * @throws IllegalArgumentException if nothing can have this path
     */
    Optional<StoredFile> find(final String directory, final String path) throws IOException {
        final Directory home = homes.open(directory);
        return home.find(FilePath.ofStored(path));
    }

    private Seen look(final FileFacts expected, final StoredFile file) throws IOException, InterruptedException {
        if (!file.isFile()) {
            return new Seen(Optional.of(file), Optional.of(Kind.ALTERED), "it is no file any more");
        }
        if (file.size() != expected.size()) {
            return new Seen(Optional.of(file), Optional.of(Kind.ALTERED),
                    "it has " + file.size() + " bytes instead of " + expected.size());
        }
        final MessageDigest digest = Sha256.start();
        long read = 0;
        long step;
        do {
            final long most = Math.max(1, Math.min(STEP, file.size() - read));
            pace.await(most);
            step = file.digest(List.of(digest), read, most);
            read += step;
            bytes += step;
        } while (step > 0 && read < file.size());
        files++;
        final String now = HexFormat.of().formatHex(digest.digest());
        return read == expected.size() && now.equals(expected.sha256()) ? new Seen(Optional.of(file), Optional.empty(), "")
                : new Seen(Optional.of(file), Optional.of(Kind.ALTERED), "its SHA-256 is " + now + " instead of " + expected.sha256());
    }

    /** How many were read so far. */
    long files() {
        return files;
    }

    /** How many were read so far. */
    long bytes() {
        return bytes;
    }
}
