package org.dropzonebackup.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.DirectoryUnusableException;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.units.ByteSize;

/** Tells on a terminal how much was read, and about how long the rest takes; nothing where there is no terminal. */
final class VerifyProgress implements AutoCloseable {

    private static final String CLEAR = "\r\033[K";
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final boolean shown;
    private final long total;
    private final LongSupplier nanoTime;
    private final long start;
    private long last;
    private Optional<Long> before = Optional.empty();

    private VerifyProgress(final boolean shown, final long total, final LongSupplier nanoTime) {
        this.shown = shown;
        this.total = total;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.last = start;
    }

    /** Counts the bytes that are there, if there is somebody to tell. */
    static VerifyProgress of(final Store store, final List<String> directories, final LongSupplier nanoTime) throws IOException {
        final boolean shown = System.console() != null;
        long total = 0;
        final Set<Object> counted = new HashSet<>();
        for (final String text : shown ? directories : List.<String>of()) {
            try {
                final Directory directory = store.open(text);
                total += counted.add(directory.identity()) ? directory.usage() : 0;
            } catch (final DirectoryUnusableException isToldOf) {
                continue;
            }
        }
        return new VerifyProgress(shown, total, nanoTime);
    }

    void show(final long files, final long bytes) {
        final long now = nanoTime.getAsLong();
        // What another verification had read before it was stopped took none of this time
        final long earlier = before.orElse(bytes);
        before = Optional.of(earlier);
        if (shown && now - last >= PAUSE_NANOS) {
            last = now;
            System.err.print(CLEAR + text(files, bytes, bytes - earlier, total, Duration.ofNanos(now - start)));
        }
    }

    /**
     * @param read bytes in this time
     */
    static String text(final long files, final long bytes, final long read, final long total, final Duration time) {
        final double rate = Math.max(1, read) / (time.toMillis() / 1000.0);
        final Duration left = Duration.ofSeconds((long) (Math.max(0, total - bytes) / rate));
        return files + " files, " + new ByteSize(bytes) + " of about " + new ByteSize(Math.max(total, bytes)) + ", "
                + new ByteSize((long) rate) + "/s, " + "%d:%02d:%02d left".formatted(left.toHours(), left.toMinutesPart(),
                        left.toSecondsPart());
    }

    /** Makes place for a line. */
    void clear() {
        if (shown) {
            System.err.print(CLEAR);
        }
    }

    @Override
    public void close() {
        clear();
    }
}
