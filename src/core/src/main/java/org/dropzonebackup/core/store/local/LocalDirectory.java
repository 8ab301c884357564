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
import java.util.function.Predicate;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.StoredFile;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;

/** A directory of a local file system, by its real path. */
final class LocalDirectory implements Directory {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(LocalDirectory.class.getName()));

    private final Place place;
    private final Path path;
    private final Staging staging;
    private final StagingNames names;
    private final Path memory;
    private final boolean apart;

    /**
     * @param memory a directory that does not count, even if it lies below
     * @param apart whether it is on another device than this
     */
    LocalDirectory(final Place place, final Staging staging, final Path memory, final boolean apart) {
        this.place = place;
        this.memory = memory;
        this.apart = apart;
        this.path = place.path();
        this.staging = staging;
        this.names = staging.names();
    }

    @Override
    public Object identity() {
        return path;
    }

    @Override
    public Optional<StoredFile> find(final FilePath wanted) throws IOException {
        // Most names are free, and the exception that says so costs more than the question. A link that leads nowhere, or a name
        // that the device does not give, is refused when the name is taken: that replaces nothing that it has not seen
        if (wanted.directories().isEmpty() && !path.resolve(wanted.toString()).toFile().exists()) {
            return Optional.empty();
        }
        try (OpenPath opened = OpenPath.of(path, wanted)) {
            final boolean inTheWay = opened.obstacle().isPresent();
            return (inTheWay ? opened.obstacle() : opened.find())
                    .map(there -> new LocalStoredFile(path, wanted, there, inTheWay, staging));
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path);
        }
    }

    @Override
    public List<String> names(final FilePath beside, final String prefix) throws IOException {
        return names(beside, prefix, BasicFileAttributes::isRegularFile);
    }

    @Override
    public List<String> directories(final FilePath beside) throws IOException {
        return names(beside, "", BasicFileAttributes::isDirectory);
    }

    private List<String> names(final FilePath beside, final String prefix, final Predicate<BasicFileAttributes> kind)
            throws IOException {
        final List<String> found = new ArrayList<>();
        try (OpenPath opened = OpenPath.of(path, beside)) {
            if (opened.isWhole()) {
                final OpenDirectory parent = opened.deepest();
                parent.forEach(name -> {
                    if (name.toString().startsWith(prefix) && !names.isStagingName(name)
                            && parent.find(name).filter(kind).isPresent()) {
                        found.add(name.toString());
                    }
                });
            }
        } catch (final IOException e) {
            throw SystemFaults.explained(e, path);
        }
        return found;
    }

    @Override
    public StagedFile stage() throws IOException {
        final LocalStagedFile file = LocalStagedFile.create(path, staging);
        boolean staged = false;
        try {
            // Asked now: had a link been put in the way before, the file would lie elsewhere
            if (!place.isStillThere()) {
                throw replaced();
            }
            staged = true;
        } finally {
            if (!staged) {
                file.close();
            }
        }
        return file;
    }

    private DirectoryUnusableException replaced() {
        return new DirectoryUnusableException(path + " was replaced by something else");
    }

    @Override
    public void publish(final List<Publication> publications, final Recording recording) throws NameTakenException, IOException {
        new Publishing(path, staging, apart).publish(publications, recording);
    }

    @Override
    public boolean syncs() {
        return staging.durability().isDurable();
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
    public List<UploadRecord> uploads() throws IOException {
        final Set<UploadId> ids = new LinkedHashSet<>();
        entries(path, entry -> UploadFiles.idOf(entry, names).ifPresent(ids::add));
        final List<UploadRecord> records = new ArrayList<>();
        for (final UploadId id : ids) {
            unlessUnreadable(path.resolve("." + id), entry -> look(id).ifPresent(records::add));
        }
        return records;
    }

    @Override
    public Optional<PendingUpload> resume(final UploadId id, final OptionalLong expected) throws IOException {
        final UploadLock lock = UploadLock.toGoOn(files(id), expected, names);
        PendingUpload upload = null;
        try {
            if (!place.isStillThere()) {
                throw replaced();
            }
            final Optional<RecordedState> recorded = lock.recorded();
            if (recorded.isPresent()) {
                upload = LocalPendingUpload.open(staging, lock, recorded.get());
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
        try (UploadLock lock = new UploadLock(files(id), names)) {
            lock.files().remove();
        }
    }

    private UploadFiles files(final UploadId id) {
        return new UploadFiles(path, id, names, staging.durability());
    }

    @Override
    public long usage() throws IOException {
        final long[] bytes = {0};
        // In this order: what is published meanwhile, and no upload resource any more, is found under its name then
        entries(path, entry -> bytes[0] += pendingBytes(entry));
        try (OpenDirectory opened = OpenDirectory.of(path)) {
            entries(path, entry -> bytes[0] += names.isStagingName(entry) ? 0 : bytesOf(look(entry), opened, entry.getFileName()));
        }
        return bytes[0];
    }

    private interface Visit {
        void accept(Path entry) throws IOException;
    }

    private static void entries(final Path directory, final Visit visit) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (final Path entry : entries) {
                unlessUnreadable(entry, visit);
            }
        } catch (final DirectoryIteratorException e) {
            throw SystemFaults.explained(e.getCause(), directory);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
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
        final Optional<UploadFiles> files = UploadFiles.idOf(entry, names).map(this::files)
                .filter(its -> its.data().equals(entry));
        return files.isPresent() ? names.counted(entry, files.get().promised()) : 0;
    }

    /** Of a file, or of all that are below a directory. */
    private long bytesOf(final Optional<BasicFileAttributes> there, final OpenDirectory parent, final Path name)
            throws IOException {
        if (there.isEmpty() || !there.get().isDirectory()) {
            return there.filter(BasicFileAttributes::isRegularFile).map(BasicFileAttributes::size).orElse(0L);
        }
        final Optional<OpenDirectory> opened =
                parent.path().resolve(name).equals(memory) ? Optional.empty() : parent.open(name, there.get());
        if (opened.isEmpty()) {
            return 0;
        }
        final long[] bytes = {0};
        try (OpenDirectory directory = opened.get()) {
            directory.forEach(each -> unlessUnreadable(directory.path().resolve(each),
                    entry -> bytes[0] += bytesOf(directory.find(each), directory, each)));
        }
        return bytes[0];
    }

    @Override
    public Capacity capacity() {
        return place.volume();
    }

    /** Those of a file, or of a link itself; none if nothing is there. */
    static Optional<BasicFileAttributes> look(final Path file) throws IOException {
        try {
            return Optional.of(attributes(file));
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        }
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
