package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store.Recovery;

/**
 * Finds files whose publication was cut short by a crash: they have a staging name too, which is a second hard link. Where there
 * are no hard links, nothing tells of them. Safe for threads.
 */
final class Interruptions {

    private static final System.Logger LOG = System.getLogger(Interruptions.class.getName());
    private static final FaultLog FAULTS = new FaultLog(LOG);

    private final Places places;
    private final Staging staging;
    private final StagingNames names;

    Interruptions(final Places places, final Staging staging) {
        this.places = places;
        this.staging = staging;
        this.names = staging.names();
    }

    void tell(final Collection<String> directories, final Instant before, final Recovery recovery) {
        for (final String directory : directories) {
            try {
                final Path path = places.existing(directory).path();
                final Set<Object> staged = staged(path, before);
                if (!staged.isEmpty()) {
                    try (OpenDirectory opened = OpenDirectory.of(path)) {
                        tell(new Search(directory, path, staged, recovery), opened, "");
                    }
                }
            } catch (final DirectoryUnusableException e) {
                LOG.log(Level.DEBUG, "not looked through: {0}", e.getMessage());
            } catch (final IOException | RuntimeException e) {
                FAULTS.report(Level.WARNING, "a directory cannot be looked through for files whose publication was cut short", e);
            }
        }
    }

    /** What is looked for, and where. */
    private record Search(String directory, Path path, Set<Object> staged, Recovery recovery) {
    }

    /** The identities of files that have a staging name and another one. */
    private Set<Object> staged(final Path directory, final Instant before) throws IOException {
        final Set<Object> found = new HashSet<>();
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return found;
        }
        try (DirectoryStream<Path> staged = Files.newDirectoryStream(directory, names::isStagingName)) {
            for (final Path each : staged) {
                if (!names.isInUse(each)) {
                    identityIfLinked(each, before).ifPresent(found::add);
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static Optional<Object> identityIfLinked(final Path file, final Instant before) {
        try {
            final Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:nlink,ctime,isRegularFile,fileKey", LinkOption.NOFOLLOW_LINKS);
            final boolean linked = (boolean) attributes.get("isRegularFile") && (int) attributes.get("nlink") > 1
                    && ((FileTime) attributes.get("ctime")).toInstant().isBefore(before);
            return linked ? Optional.ofNullable(attributes.get("fileKey")) : Optional.empty();
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "a staging file has gone", e);
            return Optional.empty();
        }
    }

    private void tell(final Search search, final OpenDirectory directory, final String prefix) throws IOException {
        directory.forEach(name -> {
            final Optional<BasicFileAttributes> there = names.isStagingName(name) ? Optional.empty() : directory.find(name);
            if (there.isEmpty()) {
                return;
            }
            if (there.get().isDirectory()) {
                final Optional<OpenDirectory> below = directory.open(name, there.get());
                if (below.isPresent()) {
                    try (OpenDirectory opened = below.get()) {
                        tell(search, opened, prefix + name + "/");
                    }
                }
            } else if (search.staged().contains(there.get().fileKey())) {
                tell(search, prefix + name, there.get());
            }
        });
    }

    private void tell(final Search search, final String path, final BasicFileAttributes there) {
        try {
            search.recovery().found(search.directory(), path,
                    new LocalStoredFile(search.path(), FilePath.ofStored(path), there, false, staging));
        } catch (final IOException e) {
            FAULTS.report(Level.ERROR, "no note can be taken of a file whose publication was cut short", e);
        }
    }
}
