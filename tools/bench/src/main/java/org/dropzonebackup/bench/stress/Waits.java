package org.dropzonebackup.bench.stress;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** How long the requests of one kind waited for their answers. Safe for threads. */
final class Waits {

    private final String kind;
    private final Set<Integer> expected;
    private final Set<String> wrong = new TreeSet<>();
    private long answered;
    private long nanos;
    private long worst;

    /**
     * @param expected statuses that such a request may be answered with
     */
    Waits(final String kind, final Set<Integer> expected) {
        this.kind = kind;
        this.expected = expected;
    }

    synchronized void answered(final int status, final long after) {
        answered++;
        nanos += after;
        worst = Math.max(worst, after);
        if (!expected.contains(status)) {
            wrong.add("answered with " + status);
        }
    }

    synchronized void failed(final Exception fault) {
        wrong.add(fault.toString());
    }

    /** Requests that were answered. */
    synchronized long answered() {
        return answered;
    }

    /** What should not have been. */
    synchronized Set<String> wrong() {
        return new TreeSet<>(wrong);
    }

    @Override
    public synchronized String toString() {
        return String.format(Locale.ROOT, "%-60s %6d answers, %6.0f ms on average, %6.0f ms at worst%s", kind, answered,
                answered == 0 ? 0 : nanos / 1e6 / answered, worst / 1e6, wrong.isEmpty() ? "" : "; WRONG: " + wrong);
    }
}
