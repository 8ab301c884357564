package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.files.SyncWatch.Target;

/** A segment that tells how long its syncs take. */
final class WatchedSegment extends SegmentFile {

    private final boolean durable;
    private final SyncWatch watch;

    WatchedSegment(final Path path, final boolean durable, final SyncWatch watch) throws IOException {
        super(path, durable);
        this.durable = durable;
        this.watch = watch;
    }

    @Override
    void sync() throws IOException {
        final long begin = System.nanoTime();
        super.sync();
        if (durable) {
            watch.synced(Target.JOURNAL, System.nanoTime() - begin);
        }
    }
}
