package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What clients tried to store and what they were told, and whether a directory agrees with that. Safe for threads.
 */
final class Ledger {

    /** What the client knows of an upload. */
    enum Outcome { STORED, REFUSED, UNKNOWN }

    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private int stored;
    private int refused;
    private int unknown;

    /** One try to store a content under a name. */
    private static final class Attempt {
        private final String sha256;
        private final long began = System.nanoTime();
        private long ended = Long.MAX_VALUE;
        private Outcome outcome = Outcome.UNKNOWN;

        Attempt(final String sha256) {
            this.sha256 = sha256;
        }

        /** Whether this was over, and with success, before the other one began. */
        boolean replacedBy(final Attempt other) {
            return other.outcome == Outcome.STORED && ended - other.began < 0;
        }
    }

    /** One request: its files have one outcome. */
    final class Request {
        private final List<Attempt> files = new ArrayList<>();

        /** Before the request is sent. */
        Request file(final String name, final Content content) {
            final Attempt attempt = new Attempt(content.sha256());
            synchronized (Ledger.this) {
                attempts.computeIfAbsent(name, n -> new ArrayList<>()).add(attempt);
            }
            files.add(attempt);
            return this;
        }

        /** After its answer came, or the connection broke. */
        void ended(final Outcome outcome) {
            synchronized (Ledger.this) {
                for (final Attempt attempt : files) {
                    attempt.ended = System.nanoTime();
                    attempt.outcome = outcome;
                }
                stored += outcome == Outcome.STORED ? 1 : 0;
                refused += outcome == Outcome.REFUSED ? 1 : 0;
                unknown += outcome == Outcome.UNKNOWN ? 1 : 0;
            }
        }
    }

    Request request() {
        return new Request();
    }

    /**
     * Compares a directory, with those below it, with what was told, while nothing is under way.
     *
     * @param suffix of staging files, which are left alone
     * @return what is wrong; nothing if all is as it should be
     */
    synchronized List<String> wrongIn(final Path directory, final String suffix) throws IOException {
        final List<String> wrong = new ArrayList<>();
        final Map<String, String> there = new HashMap<>();
        look(directory, suffix, (file, isDirectory) -> {
            if (!isDirectory) {
                there.put(directory.relativize(file).toString(), Content.sha256(Files.readAllBytes(file)));
            } else if (isEmpty(file)) {
                wrong.add(file + " is an empty directory");
            }
        });
        there.forEach((name, sha256) -> {
            if (attempts.getOrDefault(name, List.of()).stream().noneMatch(a -> mayBeThere(a, sha256, name))) {
                wrong.add(name + " has a content that it must not have: " + sha256);
            }
        });
        attempts.forEach((name, tries) -> {
            if (!there.containsKey(name) && tries.stream().anyMatch(a -> a.outcome == Outcome.STORED)) {
                wrong.add(name + " was stored and is not there");
            }
        });
        return wrong;
    }

    /** Takes what lies in a directory. */
    private interface Look {
        void at(Path entry, boolean isDirectory) throws IOException;
    }

    private static void look(final Path directory, final String suffix, final Look look) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (final Path entry : entries.filter(e -> !e.toString().endsWith(suffix)).toList()) {
                final boolean isDirectory = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                look.at(entry, isDirectory);
                if (isDirectory) {
                    look(entry, suffix, look);
                }
            }
        }
    }

    private static boolean isEmpty(final Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private boolean mayBeThere(final Attempt attempt, final String sha256, final String name) {
        return attempt.sha256.equals(sha256) && attempt.outcome != Outcome.REFUSED
                && attempts.get(name).stream().noneMatch(attempt::replacedBy);
    }

    @Override
    public synchronized String toString() {
        return stored + " requests stored, " + refused + " refused, " + unknown + " cut off; " + attempts.size() + " names";
    }
}
