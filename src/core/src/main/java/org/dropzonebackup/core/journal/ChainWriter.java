package org.dropzonebackup.core.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.threads.Action;
import org.dropzonebackup.core.threads.GroupCommit;

/**
 * Appends to the chain that this server holds. Whoever comes while others are written to the device waits for the next write,
 * which takes all of them. What a write that failed may have left is cut off before the next. Safe for threads.
 */
final class ChainWriter implements Closeable {

    private final Settings settings;
    private final ChainFiles files;
    private final ChainIndex index;
    private final GroupCommit commit = new GroupCommit(this::commit);
    /** Guarded by this. */
    private List<Call> waiting = new ArrayList<>();
    /** Guarded by this. */
    private boolean closed;
    /** What follows belongs to the thread that commits, one at a time. */
    private SegmentFile segment;
    private volatile Position end;
    /** Whether there may be something behind the end. */
    private boolean torn;

    /** @param segmentSize bytes after which a new segment is begun */
    record Settings(boolean durable, Clock clock, long segmentSize, SegmentFile.Opener opener) {
    }

    /** One call of append; its outcome is set by the thread that commits. */
    private static final class Call {

        private final List<Entry> entries;
        private final Action before;
        private List<Line> lines;
        private Throwable failure;
        /** Why the entries are not true. */
        private IOException untrue;

        Call(final List<Entry> entries, final Action before) {
            this.entries = entries;
            this.before = before;
        }
    }

    /** Lines that are to be written, and where the chain ends then. */
    private final class Batch {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<List<Line>> lines = new ArrayList<>();
        private final long[] offsets;
        private int count;
        private Position last = end;

        Batch(final List<Call> calls) {
            offsets = new long[calls.stream().mapToInt(call -> call.entries.size()).sum()];
            final Instant time = settings.clock().instant().truncatedTo(ChronoUnit.MILLIS);
            calls.forEach(call -> lines.add(call.entries.stream().map(entry -> line(time, entry)).toList()));
        }

        private Line line(final Instant time, final Entry entry) {
            final byte[] text = LineFormat.format(last.seq(), time, entry, last.head());
            final Line line = new Line(files.chain(), last.seq(), time, entry, last.head(), LineFormat.hash(text));
            offsets[count++] = last.offset();
            bytes.writeBytes(text);
            bytes.write('\n');
            last = last.after(line, last.offset() + text.length + 1);
            return line;
        }
    }

    /**
     * @param end where the chain ends, in a segment that need not exist
     */
    ChainWriter(final ChainFiles files, final Position end, final ChainIndex index, final Settings settings) throws IOException {
        this.settings = settings;
        this.files = files;
        this.index = index;
        this.end = end;
        this.segment = open(end);
    }

    private SegmentFile open(final Position at) throws IOException {
        return settings.opener().open(files.segment(at.segment()), settings.durable());
    }

    List<Line> append(final List<Entry> entries, final Action before) throws IOException {
        if (entries.stream().anyMatch(entry -> entry.event() == Event.OTHER)) {
            throw new IllegalArgumentException("only a later version knows this event");
        }
        if (entries.isEmpty()) {
            return List.of();
        }
        final Call call = new Call(List.copyOf(entries), before);
        Throwable failure = null;
        try {
            enqueue(call);
            commit.run();
        } catch (final IOException | RuntimeException e) {
            failure = e;
        }
        if (call.untrue != null) {
            throw call.untrue;
        }
        // An earlier run than the one that was waited for may have taken the call
        if (call.lines == null) {
            throw new JournalUnwritableException(files.directory(), call.failure == null ? failure : call.failure);
        }
        return call.lines;
    }

    private synchronized void enqueue(final Call call) throws IOException {
        if (closed) {
            throw new IOException("it is closed");
        }
        waiting.add(call);
    }

    private synchronized List<Call> takeWaiting() {
        final List<Call> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    private void commit() {
        List<Call> calls = takeWaiting();
        // Else the file would be closed, and the entries of others be lost with ours
        final boolean interrupted = Thread.interrupted();
        try {
            calls = prepared(calls);
            if (!calls.isEmpty()) {
                write(calls);
            }
        } catch (final Throwable e) {
            calls.forEach(call -> call.failure = e);
            cutAfter(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs the steps before the entries. Those whose step has failed are told so, the others are returned. */
    private static List<Call> prepared(final List<Call> calls) {
        final Map<Action, Optional<IOException>> failures = new HashMap<>();
        calls.forEach(call -> call.untrue = failures.computeIfAbsent(call.before, ChainWriter::failureOf).orElse(null));
        return calls.stream().filter(call -> call.untrue == null).toList();
    }

    private static Optional<IOException> failureOf(final Action step) {
        try {
            step.run();
            return Optional.empty();
        } catch (final IOException e) {
            return Optional.of(e);
        } catch (final RuntimeException e) {
            return Optional.of(new IOException(e));
        }
    }

    private void write(final List<Call> calls) throws IOException {
        cutIfTorn();
        if (end.offset() >= settings.segmentSize()) {
            beginSegment();
        }
        final long size = segment.size();
        if (size != end.offset()) {
            throw new IOException("somebody else writes to it: " + files.segment(end.segment()) + " has " + size + " bytes, and not "
                    + end.offset());
        }
        final Batch batch = new Batch(calls);
        torn = true;
        segment.write(ByteBuffer.wrap(batch.bytes.toByteArray()), end.offset());
        segment.sync();
        torn = false;
        end = batch.last;
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).lines = batch.lines.get(i);
        }
        index.add(end.segment(), batch.lines.stream().flatMap(List::stream).toList(), batch.offsets);
    }

    private void beginSegment() throws IOException {
        index.seal();
        // As long as this fails, the chain ends in the full segment
        final Position next = end.inNextSegment();
        final SegmentFile full = segment;
        segment = open(next);
        end = next;
        full.close();
    }

    private void cutIfTorn() throws IOException {
        if (torn) {
            segment.cut(end.offset());
            torn = false;
        }
    }

    /** At once, so that a kill leaves nothing that was not written; at the next write again, if it fails. */
    private void cutAfter(final Throwable failure) {
        // A thread that was interrupted meanwhile would fail once more
        final boolean interrupted = Thread.interrupted();
        try {
            cutIfTorn();
        } catch (final IOException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where the chain ends. */
    Position end() {
        return end;
    }

    /** Closes the segment when what waits is written. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        commit.run();
        segment.close();
    }
}
