package org.dropzonebackup.core.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.dropzonebackup.core.log.FaultLog;

/** Finds the newest entry of a file in all chains of a journal. Safe for threads. */
final class Index {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(Index.class.getName()));
    /** Other servers' chains are looked at no sooner after the last look. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Comparator<Line> BY_TIME = Comparator.comparing(Line::time).thenComparing(Line::chain);

    private final Path journal;
    /** 0 if there is none. */
    private final int own;
    private final LongSupplier nanoTime;
    private final Map<Integer, ChainIndex> chains = new ConcurrentHashMap<>();
    private final ReentrantLock looking = new ReentrantLock();
    private long lastLook;

    /**
     * @param own the number of this server's chain
     */
    Index(final Path journal, final int own, final ChainIndex ownIndex, final LongSupplier nanoTime) {
        this.journal = journal;
        this.own = own;
        this.nanoTime = nanoTime;
        chains.put(own, ownIndex);
        lookAtOthers();
    }

    /** Of chains that others append to; nothing is written. */
    Index(final Path journal, final LongSupplier nanoTime) {
        this.journal = journal;
        this.own = 0;
        this.nanoTime = nanoTime;
        lookAtOthers();
    }

    private void lookAtOthers() {
        try {
            for (final ChainFiles files : ChainFiles.list(journal)) {
                if (files.chain() != own) {
                    catchUp(files);
                }
            }
        } catch (final IOException e) {
            FAULTS.report(Level.ERROR, "what other servers have entered in the journal is not found", e);
        }
        lastLook = nanoTime.getAsLong();
    }

    private void catchUp(final ChainFiles files) {
        try {
            chains.computeIfAbsent(files.chain(), first -> new ChainIndex(files, own == 0)).catchUp();
        } catch (final IOException e) {
            FAULTS.report(Level.ERROR, "what another server has entered in the journal " + files.directory() + " is not found", e);
        }
    }

    /** The newest entry by its time, as chains have nothing else in common; in one chain the last one, whatever the clock did. */
    Optional<Line> find(final String directory, final String path) throws IOException {
        // Who comes while another looks finds what was there before
        if (looking.tryLock()) {
            try {
                if (nanoTime.getAsLong() - lastLook >= PAUSE_NANOS) {
                    lookAtOthers();
                }
            } finally {
                looking.unlock();
            }
        }
        final int key = Places.key(directory, path);
        Optional<Line> newest = Optional.empty();
        for (final ChainIndex chain : chains.values()) {
            final Optional<Line> line = chain.find(key, directory, path);
            newest = newest.isEmpty() || line.isPresent() && BY_TIME.compare(line.get(), newest.get()) > 0 ? line : newest;
        }
        return newest;
    }
}
