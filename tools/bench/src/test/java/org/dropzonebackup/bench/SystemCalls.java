package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of a process as {@code strace -f -y} wrote them. Calls of several threads overlap, so each has a line
 * where it began and one where it ended.
 */
final class SystemCalls {

    private static final Pattern LINE = Pattern.compile(
            "(?<thread>\\d+) +(?:<\\.\\.\\. (?<resumed>\\w+) resumed>(?<rest>.*)|(?<name>\\w+)\\((?<arguments>.*))");
    private static final String UNFINISHED = " <unfinished ...>";

    private final List<Call> calls = new ArrayList<>();

    /**
     * One call.
     *
     * @param text its arguments and result, with the paths of file descriptors
     * @param began line in the trace
     * @param ended line in the trace
     */
    record Call(String name, String text, int began, int ended) {

        boolean isOneOf(final String... names) {
            return List.of(names).contains(name);
        }

        boolean succeeded() {
            return text.matches(".*\\) += \\d.*");
        }

        boolean before(final Call later) {
            return ended < later.began;
        }
    }

    private SystemCalls() {
    }

    static SystemCalls in(final Path trace) throws IOException {
        final SystemCalls found = new SystemCalls();
        final Map<String, Call> unfinished = new HashMap<>();
        int number = 0;
        for (final String line : Files.readAllLines(trace)) {
            number++;
            final Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            final String thread = matcher.group("thread");
            if (matcher.group("resumed") != null) {
                final Call begun = unfinished.remove(thread);
                if (begun != null) {
                    found.calls.add(new Call(begun.name(), begun.text() + matcher.group("rest"), begun.began(), number));
                }
            } else if (matcher.group("arguments").endsWith(UNFINISHED)) {
                final String text = matcher.group("arguments");
                unfinished.put(thread, new Call(matcher.group("name"),
                        text.substring(0, text.length() - UNFINISHED.length()), number, number));
            } else {
                found.calls.add(new Call(matcher.group("name"), matcher.group("arguments"), number, number));
            }
        }
        return found;
    }

    /** The calls that match, in the order in which they ended. */
    List<Call> all(final Predicate<Call> which) {
        return calls.stream().filter(which).toList();
    }

    /** The last call that matches. */
    Call last(final String what, final Predicate<Call> which) {
        return calls.stream().filter(which).reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("there was no " + what));
    }
}
