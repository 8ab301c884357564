package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.files.SyncWatch.Target;
import org.dropzonebackup.core.threads.Action;
import org.dropzonebackup.core.threads.GroupCommit;

/** How far syncing goes: to the device, or nowhere where the administrator has chosen so. Safe for threads. */
final class Durability {

    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private final ConcurrentMap<Path, GroupCommit> directories = new ConcurrentHashMap<>();
    private final boolean durable;
    private final SyncWatch watch;

    Durability(final boolean durable) {
        this(durable, SyncWatch.NONE);
    }

    /**
     * @param durable whether syncing waits for stable storage
     * @param watch is told of each sync
     */
    Durability(final boolean durable, final SyncWatch watch) {
        this.durable = durable;
        this.watch = watch;
    }

    boolean isDurable() {
        return durable;
    }

    void sync(final FileChannel channel) throws IOException {
        if (durable) {
            force(channel, Target.FILE);
        }
    }

    private void force(final FileChannel channel, final Target target) throws IOException {
        final long begin = System.nanoTime();
        channel.force(true);
        watch.synced(target, System.nanoTime() - begin);
    }

    /** Syncs an open directory, where {@linkplain #syncsDirectories directories are synced}. */
    void syncOpen(final FileChannel directory) throws IOException {
        force(directory, Target.DIRECTORY);
    }

    /** Syncs the directory of a user, once for all who ask for it at the same time. */
    void syncTogether(final Path directory) throws IOException {
        together(directory).run();
    }

    /** What does that: the same object for the same directory. */
    Action together(final Path directory) {
        return durable ? directories.computeIfAbsent(directory, d -> new GroupCommit(() -> syncAlone(d))) : Action.NOTHING;
    }

    /** Whether directories are synced. Windows opens none; its file systems order their own journals. */
    boolean syncsDirectories() {
        return durable && !WINDOWS;
    }

    /** Syncs any directory. */
    void syncAlone(final Path directory) throws IOException {
        if (!syncsDirectories()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            force(channel, Target.DIRECTORY);
        } catch (final IOException e) {
            throw SystemFaults.explained(e, directory);
        }
    }
}
