package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.UploadRecord;
import org.dropzonebackup.core.store.UploadState;

/** The two files of an upload resource; see the package for what is in them. Safe for threads. */
final class UploadFiles {

    private static final System.Logger LOG = System.getLogger(UploadFiles.class.getName());
    private static final Pattern NAME = Pattern.compile("\\.([0-9a-f]{32})\\.(?:upload|state)");

    private final Path directory;
    private final UploadId id;
    private final StagingNames names;
    private final Durability durability;
    private final Path data;
    private final Path state;

    UploadFiles(final Path directory, final UploadId id, final StagingNames names, final Durability durability) {
        this.directory = directory;
        this.id = id;
        this.names = names;
        this.durability = durability;
        this.data = directory.resolve(names.withSuffix("." + id + ".upload"));
        this.state = directory.resolve(names.withSuffix("." + id + ".state"));
    }

    /** The upload resource that a file of the directory belongs to, if it is such a file. */
    static Optional<UploadId> idOf(final Path file, final StagingNames names) {
        final Matcher name = NAME.matcher(names.withoutSuffix(file));
        return name.matches() ? UploadId.parse(name.group(1)) : Optional.empty();
    }

    UploadId id() {
        return id;
    }

    Path data() {
        return data;
    }

    /**
     * What is recorded, of no more bytes than there are. These are looked at behind the record, so that there are enough by
     * then, whoever adds to them; if they have gone meanwhile, a newer record says that it is finished.
     */
    Optional<UploadRecord> look() throws IOException {
        final Optional<RecordedState> before = read();
        final Optional<BasicFileAttributes> bytes = attributes(data);
        final Optional<RecordedState> read = bytes.isPresent() ? before : read();
        if (read.isEmpty() || bytes.isEmpty() && !read.get().state().finished()) {
            return Optional.empty();
        }
        final UploadState recorded = read.get().state();
        return Optional.of(new UploadRecord(id, bytes.isPresent() ? ofAtMost(bytes.get().size(), recorded) : recorded,
                bytes.isPresent(), later(bytes, attributes(state))));
    }

    /** Where the record says more than there is, the bytes are right. */
    static UploadState ofAtMost(final long bytes, final UploadState recorded) {
        return recorded.offset() <= bytes ? recorded : new UploadState(bytes, recorded.length(), false, recorded.facts());
    }

    boolean hasBytes() throws IOException {
        return attributes(data).isPresent();
    }

    /**
     * A file system of a network may go on telling for a second or so what it knew before another server wrote; it looks again
     * when an attribute is set. Opens and closes the files, with which a lock would go that this process has.
     */
    void askAgain() {
        for (final Path file : List.of(data, state)) {
            final PosixFileAttributeView view =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view != null) {
                try {
                    view.setPermissions(view.readAttributes().permissions());
                } catch (final IOException e) {
                    LOG.log(Level.DEBUG, "what is known of an upload may be old", e);
                }
            }
        }
    }

    /** When anything of it changed last; none if nothing is there. */
    Optional<Instant> changed() throws IOException {
        final Optional<BasicFileAttributes> bytes = attributes(data);
        final Optional<BasicFileAttributes> recorded = attributes(state);
        return bytes.isPresent() || recorded.isPresent() ? Optional.of(later(bytes, recorded)) : Optional.empty();
    }

    private static Instant later(final Optional<BasicFileAttributes> one, final Optional<BasicFileAttributes> other) {
        final Instant first = one.map(a -> a.lastModifiedTime().toInstant()).orElse(Instant.MIN);
        final Instant second = other.map(a -> a.lastModifiedTime().toInstant()).orElse(Instant.MIN);
        return first.isAfter(second) ? first : second;
    }

    /** Bytes that there are or will be; none without a record. */
    long promised() throws IOException {
        final Optional<BasicFileAttributes> bytes = attributes(data);
        final Optional<UploadRecord> record = look();
        return bytes.isPresent() && record.isPresent()
                ? Math.max(bytes.get().size(), record.get().state().length().orElse(0)) : 0;
    }

    /** The record itself, whatever bytes there are; none if it is torn. */
    Optional<RecordedState> read() throws IOException {
        if (attributes(state).isEmpty()) {
            return Optional.empty();
        }
        try {
            return RecordedState.parse(Files.readString(state));
        } catch (final NoSuchFileException | CharacterCodingException goneOrDamaged) {
            return Optional.empty();
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }

    void record(final RecordedState recorded) throws IOException {
        final Path temporary = names.newName(directory);
        try {
            AtomicReplace.replace(state, temporary, recorded.text(), durability.isDurable());
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        } finally {
            names.release(temporary);
        }
        durability.syncTogether(directory);
    }

    /**
     * The record goes first, as it might be one that is finished without its bytes.
     *
     * @return how many files were removed
     */
    int remove() throws IOException {
        final int recorded = Files.deleteIfExists(state) ? 1 : 0;
        return recorded + (names.remove(data) ? 1 : 0);
    }

    private static Optional<BasicFileAttributes> attributes(final Path file) throws IOException {
        return LocalDirectory.look(file).filter(BasicFileAttributes::isRegularFile);
    }
}
