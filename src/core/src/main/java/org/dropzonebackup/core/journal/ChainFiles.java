package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one chain, by name; see the package.
 *
 * @param directory of the chain
 * @param chain its number, which is the directory's name
 */
record ChainFiles(Path directory, int chain) {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{19}[0-9]\\.jsonl");
    private static final int DIGITS = 20;

    static ChainFiles of(final Path journal, final int chain) {
        return new ChainFiles(journal.resolve(Integer.toString(chain)), chain);
    }

    /** All chains of a journal, in the order of their numbers. */
    static List<ChainFiles> list(final Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.map(file -> file.getFileName().toString()).filter(NUMBER.asMatchPredicate())
                    .map(Integer::valueOf).sorted().map(chain -> of(journal, chain)).toList();
        }
    }

    Path segment(final long first) {
        return directory.resolve("%020d.jsonl".formatted(first));
    }

    Path index(final long first) {
        return directory.resolve("%020d.index".formatted(first));
    }

    Path lock() {
        return directory.resolve("lock");
    }

    /** The segments that there are, by the numbers of their first lines, in order; none if there is no directory. */
    List<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(SEGMENT.asMatchPredicate())
                    .map(name -> Long.valueOf(name.substring(1, DIGITS))).sorted().toList();
        } catch (final NoSuchFileException noChain) {
            return List.of();
        }
    }

    /** The last line; none if there is none. */
    Optional<Line> lastLine() throws IOException {
        final List<Long> segments = segments();
        for (int i = segments.size() - 1; i >= 0; i--) {
            final Path segment = segment(segments.get(i));
            final long size = Files.size(segment);
            if (size > 0) {
                try {
                    return Optional.of(LineFormat.parse(chain, SegmentLines.last(segment)));
                } catch (final IllegalArgumentException e) {
                    throw new DamagedChainException(segment, size, "the last line is no entry");
                }
            }
        }
        return Optional.empty();
    }

    /** The next segment that there is. */
    OptionalLong segmentAfter(final long segment) throws IOException {
        return segments().stream().mapToLong(Long::longValue).filter(each -> each > segment).findFirst();
    }

    /** Where the chain ends; none if it does not end with an entry. */
    Optional<Position> end() throws IOException {
        final List<Long> segments = segments();
        if (segments.isEmpty()) {
            return Optional.empty();
        }
        final long last = segments.get(segments.size() - 1);
        try {
            final Line line = LineFormat.parse(chain, SegmentLines.last(segment(last)));
            return Optional.of(new Position(chain, last, Files.size(segment(last)), line.seq() + 1, line.hash()));
        } catch (final DamagedChainException | IllegalArgumentException noEntry) {
            return Optional.empty();
        }
    }

    /** Creates a directory for its owner alone, unless it is there. Its name is durable then. */
    static void createDirectory(final Path directory, final boolean durable) throws IOException {
        final Path parent = directory.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            try {
                Files.createDirectory(directory, permissions(directory, "rwx------"));
            } catch (final FileAlreadyExistsException anotherServerWasFaster) {
                if (!Files.isDirectory(directory)) {
                    throw anotherServerWasFaster;
                }
            }
        }
        // Also if it was there: who has created it may have been killed before
        syncDirectory(parent, durable);
    }

    /** Windows opens no directory; its file systems order their own journals. */
    static void syncDirectory(final Path directory, final boolean durable) throws IOException {
        if (durable && isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** For a new file that only its owner can use; nothing where files have no permissions. */
    static FileAttribute<?>[] ownerOnly(final Path file) {
        return permissions(file, "rw-------");
    }

    private static FileAttribute<?>[] permissions(final Path file, final String permissions) {
        return isPosix(file) ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
    }

    private static boolean isPosix(final Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
