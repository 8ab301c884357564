package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The names of files that are not published: which this process uses, and which it has failed to remove. Safe for threads. */
final class StagingNames {

    private static final System.Logger LOG = System.getLogger(StagingNames.class.getName());
    private static final int MOST_LEFTOVERS = 10_000;

    /** In each name, with a count. Both may be guessed: nothing is opened by a name that exists. */
    private final long process = new SecureRandom().nextLong();
    private final AtomicLong given = new AtomicLong();
    private final Set<Path> inUse = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Path, LongSupplier> counted = new ConcurrentHashMap<>();
    private final Set<Path> leftovers = ConcurrentHashMap.newKeySet();
    private final String suffix;

    /**
     * @param suffix which they all bear
     */
    StagingNames(final String suffix) {
        this.suffix = suffix;
    }

    /** A name that nobody else has; in use until {@link #release}. */
    Path newName(final Path directory) {
        return newName(directory, "");
    }

    /** A name for a file that is being replaced. It says when it was made: the file itself may be old, and is needed all the same. */
    Path newNameOfReplaced(final Path directory) {
        return newName(directory, "." + Instant.now().getEpochSecond() + ".replaced");
    }

    private Path newName(final Path directory, final String use) {
        final HexFormat hex = HexFormat.of();
        final Path name = directory.resolve(
                withSuffix("." + hex.toHexDigits(process) + hex.toHexDigits(given.getAndIncrement()) + use));
        inUse.add(name);
        return name;
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

    /**
     * Says how many bytes of an upload resource count as used, at least; none at all if they are negative.
     *
     * @param bytes asked from any thread, until {@link #uncount}
     */
    void count(final Path name, final LongSupplier bytes) {
        counted.put(name, bytes);
    }

    void uncount(final Path name) {
        counted.remove(name);
    }

    /** How many bytes count where so many are or will be on the device. */
    long counted(final Path name, final long there) {
        final LongSupplier bytes = counted.get(name);
        final long known = bytes == null ? 0 : bytes.getAsLong();
        return known < 0 ? 0 : Math.max(known, there);
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

    /**
     * Removes a file that nobody needs any more, if it is there.
     *
     * @return whether it was there
     * @throws IOException if it cannot be removed now; {@link #retryRemovals} tries it again
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

    /** Removes a file that nobody needs any more. If that fails, the log says so: it is no reason to undo what is done. */
    void removeOrLeave(final Path file) {
        try {
            remove(file);
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "a staging file is left behind, its removal is tried again soon", e);
        }
    }

    /** Tries again to remove what could not be removed. */
    void retryRemovals() {
        for (final Path leftover : List.copyOf(leftovers)) {
            try {
                Files.deleteIfExists(leftover);
                leftovers.remove(leftover);
            } catch (final IOException e) {
                LOG.log(Level.DEBUG, "a leftover still cannot be removed", e);
            }
        }
    }
}
