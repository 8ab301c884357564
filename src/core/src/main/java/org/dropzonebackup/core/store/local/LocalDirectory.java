package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Entry;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.ResumableDirectory;
import org.dropzonebackup.core.store.StagedUpload;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;

/** A directory of a local file system, by its real path. */
final class LocalDirectory implements ResumableDirectory {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(LocalDirectory.class.getName()));

    private final Place place;
    private final Path path;
    private final Staging staging;
    private final ReplaceLock turn;

    LocalDirectory(final Place place, final Staging staging) {
        this.place = place;
        this.path = place.path();
        this.staging = staging;
        this.turn = new ReplaceLock(staging.turns(path));
    }

    @Override
    public Object identity() {
        return path;
    }

    @Override
    public Optional<Entry> find(final FileName name) throws IOException {
        final Path file = path.resolve(name.toString());
        // Most names are free, and the exception that says so costs more than the question. A link that leads nowhere, or a name
        // that the device does not give, is refused when the name is taken: that replaces nothing that it has not seen
        if (!file.toFile().exists()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LocalEntry(file, attributes(file)));
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public StagedUpload stage() throws IOException {
        final LocalStagedUpload upload = new LocalStagedUpload(path, staging, turn);
        // Asked now: had a link been put in the way before, the file would lie elsewhere
        if (!place.isStillThere()) {
            upload.close();
            throw replaced();
        }
        return upload;
    }

    private DirectoryUnusableException replaced() {
        return new DirectoryUnusableException(path + " was replaced by something else");
    }

    @Override
    public void sync() throws IOException {
        staging.syncDirectory(path);
    }

    @Override
    public boolean syncs() {
        return staging.durable();
    }

    @Override
    public UploadId create(final UploadState state) throws IOException {
        final UploadFiles files = files(UploadId.random());
        boolean created = false;
        try {
            staging.create(files.data()).close();
            if (!place.isStillThere()) {
                throw replaced();
            }
            files.record(new RecordedState(0, state));
            created = true;
        } finally {
            if (!created) {
                files.remove();
            }
        }
        return files.id();
    }

    @Override
    public Optional<UploadRecord> look(final UploadId id) throws IOException {
        return files(id).look();
    }

    @Override
    public List<UploadRecord> looks() throws IOException {
        final Set<UploadId> ids = new LinkedHashSet<>();
        entries(entry -> UploadFiles.idOf(entry, staging).ifPresent(ids::add));
        final List<UploadRecord> records = new ArrayList<>();
        for (final UploadId id : ids) {
            unlessUnreadable(path.resolve("." + id), entry -> look(id).ifPresent(records::add));
        }
        return records;
    }

    @Override
    public Optional<PendingUpload> resume(final UploadId id, final OptionalLong expected) throws IOException {
        final UploadLock lock = UploadLock.toGoOn(files(id), expected, staging);
        PendingUpload upload = null;
        try {
            if (!place.isStillThere()) {
                throw replaced();
            }
            final Optional<RecordedState> recorded = lock.recorded();
            if (recorded.isPresent()) {
                upload = new LocalPendingUpload(path, staging, lock, turn, recorded.get());
            }
        } finally {
            if (upload == null) {
                lock.close();
            }
        }
        return Optional.ofNullable(upload);
    }

    @Override
    public void remove(final UploadId id) throws IOException {
        try (UploadLock lock = new UploadLock(files(id), staging)) {
            lock.files().remove();
        }
    }

    private UploadFiles files(final UploadId id) {
        return new UploadFiles(path, id, staging);
    }

    @Override
    public long usage() throws IOException {
        final long[] bytes = {0};
        // In this order: what is published meanwhile, and no upload resource any more, is found under its name then
        entries(entry -> bytes[0] += pendingBytes(entry));
        entries(entry -> bytes[0] += staging.isStagingName(entry) ? 0 : publishedBytes(entry));
        return bytes[0];
    }

    private interface Visit {
        void accept(Path entry) throws IOException;
    }

    private void entries(final Visit visit) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (final Path entry : entries) {
                unlessUnreadable(entry, visit);
            }
        } catch (final DirectoryIteratorException e) {
            throw SystemFaults.explained(e.getCause(), path);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path);
        }
    }

    /** One entry that the device does not give is no reason to refuse all that is to come. */
    private static void unlessUnreadable(final Path entry, final Visit visit) {
        try {
            visit.accept(entry);
        } catch (final IOException e) {
            FAULTS.report(Level.WARNING, SystemFaults.described(entry, e) + "; it does not count");
        }
    }

    /** By its data file: unlike the record's, its name is there from the first to the last moment. */
    private long pendingBytes(final Path entry) throws IOException {
        final Optional<UploadFiles> files = UploadFiles.idOf(entry, staging).map(this::files)
                .filter(its -> its.data().equals(entry) && staging.isCounted(entry));
        return files.isPresent() ? files.get().promised() : 0;
    }

    private static long publishedBytes(final Path entry) throws IOException {
        try {
            final BasicFileAttributes attributes = attributes(entry);
            return attributes.isRegularFile() ? attributes.size() : 0;
        } catch (final NoSuchFileException removedMeanwhile) {
            return 0;
        }
    }

    @Override
    public Volume volume() {
        return place.volume();
    }

    /** Of a link itself. */
    static BasicFileAttributes attributes(final Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (final NoSuchFileException absent) {
            throw absent;
        } catch (final IOException e) {
            throw SystemFaults.explained(e, file.getParent());
        }
    }
}
