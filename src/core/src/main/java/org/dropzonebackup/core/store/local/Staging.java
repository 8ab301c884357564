package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.dropzonebackup.core.threads.SharedRun;

/**
 * What the directories of one store share: how staging files are named, which of them are in use by this process, and
 * how far syncing goes. Safe for threads.
 */
final class Staging {

    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private static final int MOST_LEFTOVERS = 10_000;
    /** In each name, with a count. Both may be guessed: nothing is opened by a name that exists. */
    private final long process = new SecureRandom().nextLong();
    private final AtomicLong given = new AtomicLong();
    private final ConcurrentMap<Path, Semaphore> turns = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, SharedRun> syncs = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, Long> blockSizes = new ConcurrentHashMap<>();
    private final Set<Path> leftovers = ConcurrentHashMap.newKeySet();
    private final Set<Path> inUse = ConcurrentHashMap.newKeySet();
    private final Set<Path> uncounted = ConcurrentHashMap.newKeySet();
    private final String suffix;
    private final boolean durable;
    private final Executor writeBack;
    private final FileAttribute<?>[] mode;

    Staging(final String suffix, final boolean durable, final Set<PosixFilePermission> mode, final Executor writeBack) {
        this.mode = new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
        this.suffix = suffix;
        this.durable = durable;
        this.writeBack = writeBack;
    }

    /** A staging name that nobody else has; in use until {@link #release}. */
    Path newName(final Path directory) {
        final Path name = directory.resolve(withSuffix("." + newId()));
        inUse.add(name);
        return name;
    }

    /** For a file that is replaced. It says when it was made: the file itself may be old, and is needed all the same. */
    Path newNameOfReplaced(final Path directory) {
        final Path name = directory.resolve(withSuffix("." + newId() + "." + Instant.now().getEpochSecond() + ".replaced"));
        inUse.add(name);
        return name;
    }

    private String newId() {
        final HexFormat hex = HexFormat.of();
        return hex.toHexDigits(process) + hex.toHexDigits(given.getAndIncrement());
    }

    /**
     * Removes a file that nobody needs any more, if it is there.
     *
     * @return whether it was there
     * @throws IOException if it cannot be removed now; it is tried again soon
     */
    boolean remove(final Path file) throws IOException {
        try {
            return Files.deleteIfExists(file);
        } catch (final IOException e) {
            if (leftovers.size() < MOST_LEFTOVERS) {
                leftovers.add(file);
            }
            throw SystemFaults.explained(e, file.getParent());
        }
    }

    /** What could not be removed. */
    Set<Path> leftovers() {
        return leftovers;
    }

    /** @return whether nobody used the name already; in use until {@link #release} */
    boolean use(final Path name) {
        return inUse.add(name);
    }

    void release(final Path name) {
        inUse.remove(name);
    }

    boolean isInUse(final Path name) {
        return inUse.contains(name);
    }

    /** Lets one request at a time replace files of a directory. */
    Semaphore turns(final Path directory) {
        return turns.computeIfAbsent(directory, d -> new Semaphore(1, true));
    }

    /** Says whether the bytes of an upload resource count as used; they do unless this is told otherwise. */
    void count(final Path name, final boolean counted) {
        if (counted) {
            uncounted.remove(name);
        } else {
            uncounted.add(name);
        }
    }

    boolean isCounted(final Path name) {
        return !uncounted.contains(name);
    }

    String withSuffix(final String name) {
        return name + suffix;
    }

    /** The name of a file that bears the suffix, without it; an empty text for any other. */
    String withoutSuffix(final Path path) {
        final String name = path.getFileName().toString();
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
    }

    boolean isStagingName(final Path path) {
        return path.getFileName().toString().endsWith(suffix);
    }

    /** Exclusively: {@code O_CREAT|O_EXCL} follows no link and opens nothing that exists. */
    FileChannel create(final Path name) throws IOException {
        try {
            return FileChannel.open(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    name.getFileSystem().supportedFileAttributeViews().contains("posix") ? mode : new FileAttribute<?>[0]);
        } catch (final FileAlreadyExistsException e) {
            throw e;
        } catch (final IOException e) {
            throw SystemFaults.explained(e, name.getParent());
        }
    }

    /** Runs what writes long files to the device while they arrive; may reject it when it is busy. */
    Executor writeBack() {
        return writeBack;
    }

    /**
     * Bytes of a block of the file system that a directory is in. Asked for once: Java reads the table of all that is mounted
     * for it, which is long where many containers run.
     */
    long blockSize(final Path directory) throws IOException {
        Long known = blockSizes.get(directory);
        if (known == null) {
            known = Files.getFileStore(directory).getBlockSize();
            blockSizes.put(directory, known);
        }
        return known;
    }

    /** Where nothing has to be durable, nothing is hurried either. */
    WriteBack writeBackOf(final FileChannel channel) {
        return new WriteBack(channel, durable ? writeBack : Staging::rejectAll);
    }

    private static void rejectAll(final Runnable task) {
        throw new RejectedExecutionException("nothing has to be durable");
    }

    boolean durable() {
        return durable;
    }

    void sync(final FileChannel channel) throws IOException {
        if (durable) {
            channel.force(true);
        }
    }

    /** Windows opens no directories; its file systems order their own journals. */
    void syncDirectory(final Path directory) throws IOException {
        if (durable && !WINDOWS) {
            syncs.computeIfAbsent(directory, d -> new SharedRun(() -> force(d))).run();
        }
    }

    private static void force(final Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }
}
