package org.dropzonebackup.bench.cuts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Where a {@link RoughLine} breaks: at random positions among all bytes that clients send, and every third time in the
 * answer that comes next. Safe for threads.
 */
public final class Plan {

    /** The first bytes make the upload: an answer to that which is lost leaves an upload behind that nobody knows. */
    private static final int SAFE = 4096;
    /** An answer is hardly shorter. */
    private static final int IN_ANSWER = 200;

    private final Deque<Break> planned;
    /** Whose position is reached: the next answers are hit. */
    private final Deque<Break> due = new ArrayDeque<>();
    private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);
    private long sent;

    /** How a connection breaks. */
    public enum Kind {
        /** Both ends are told at once. */
        RESET,
        /** Nothing comes through any more; the client is told after a while, the server never. */
        STALL,
        /** One end is told that no more will come from the other, which may talk on. */
        HALF_CLOSE,
        /** The server is killed. */
        CRASH
    }

    /** @param intoAnswer bytes that come through of the answer that it hits; none: it hits the request */
    private record Break(long position, Kind kind, OptionalInt intoAnswer) {
    }

    /**
     * What becomes of some bytes.
     *
     * @param bytes that come through
     * @param end what the connection ends with then
     */
    record Passage(int bytes, Optional<Kind> end) {
    }

    private Plan(final List<Break> breaks) {
        planned = new ArrayDeque<>(breaks.stream().sorted(Comparator.comparingLong(Break::position)).toList());
    }

    /** Nothing ever breaks. */
    public static Plan none() {
        return new Plan(List.of());
    }

    /**
     * A random one.
     *
     * @param size bytes that are to be sent
     * @param cuts how often connections break
     * @param kills how often the server is killed
     */
    public static Plan random(final Random random, final long size, final int cuts, final int kills) {
        final List<Break> breaks = new ArrayList<>();
        final Kind[] kinds = {Kind.RESET, Kind.STALL, Kind.HALF_CLOSE};
        for (int i = 0; i < cuts; i++) {
            breaks.add(new Break(position(random, size), kinds[i % kinds.length],
                    random.nextInt(3) == 0 ? OptionalInt.of(random.nextInt(IN_ANSWER)) : OptionalInt.empty()));
        }
        for (int i = 0; i < kills; i++) {
            breaks.add(new Break(position(random, size), Kind.CRASH, OptionalInt.empty()));
        }
        return new Plan(breaks);
    }

    private static long position(final Random random, final long size) {
        return SAFE + random.nextLong(size - SAFE);
    }

    /** A client sent something. */
    synchronized Passage sent(final int bytes) {
        final long before = sent;
        sent += bytes;
        while (!planned.isEmpty() && planned.peek().position() < sent) {
            final Break next = planned.remove();
            if (next.intoAnswer().isEmpty()) {
                count(next);
                return new Passage((int) Math.max(0, next.position() - before), Optional.of(next.kind()));
            }
            due.add(next);
        }
        return new Passage(bytes, Optional.empty());
    }

    /** A server answered something. */
    synchronized Passage answered(final int bytes) {
        if (due.isEmpty()) {
            return new Passage(bytes, Optional.empty());
        }
        final Break next = due.remove();
        count(next);
        return new Passage(Math.min(bytes, next.intoAnswer().getAsInt()), Optional.of(next.kind()));
    }

    private void count(final Break one) {
        made.merge(one.kind(), 1, Integer::sum);
    }

    /** Bytes that clients sent, heads of requests and all. */
    public synchronized long sent() {
        return sent;
    }

    /** How often it broke until now, by kind. */
    public synchronized Map<Kind, Integer> made() {
        return new EnumMap<>(made);
    }
}
