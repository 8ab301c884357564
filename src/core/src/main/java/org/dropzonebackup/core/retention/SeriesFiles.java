package org.dropzonebackup.core.retention;

import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.policy.Series;

/**
 * Stored files of one directory whose names may be of one series, by their entries, and which of them go. Not safe for threads.
 */
final class SeriesFiles {

    /** Of old ones: more are not remembered, as somebody may have sent any number. Those that are decide as if there were no others. */
    private static final int MOST = 10_000;
    private static final Comparator<Line> OLDEST_FIRST =
            Comparator.comparing(Line::time).thenComparing(Line::chain).thenComparing(Line::seq);

    private final Expiry expiry;
    private final Instant youngest;
    /** By the first name of the series: how many are too young to go, and the others. */
    private final Map<String, Integer> young = new HashMap<>();
    private final Map<String, List<Line>> old = new HashMap<>();
    private int count;

    SeriesFiles(final Expiry expiry) {
        this.expiry = expiry;
        this.youngest = expiry.youngest();
    }

    /** Adds a file, unless there are too many. */
    void add(final Line line) {
        final String series = firstName(line);
        if (!line.time().isBefore(youngest)) {
            young.merge(series, 1, Integer::sum);
        } else if (count < MOST) {
            count++;
            old.computeIfAbsent(series, first -> new ArrayList<>()).add(line);
        }
    }

    /** Whether some may have been left out. */
    boolean isFull() {
        return count == MOST;
    }

    /** Those that go, in each series the oldest first. */
    List<Removal> going() {
        final List<Removal> going = new ArrayList<>();
        old.forEach((series, lines) -> {
            lines.sort(OLDEST_FIRST);
            for (int i = 0; i < lines.size(); i++) {
                final Line line = lines.get(i);
                final int newer = lines.size() - 1 - i + young.getOrDefault(series, 0);
                final Optional<KeepRule> rule = expiry.rule(line.entry());
                if (rule.isPresent() && expiry.isOver(rule.get(), line.time(), newer)) {
                    going.add(new Removal(line, OptionalInt.of(newer)));
                }
            }
        });
        return going;
    }

    /** The name under which the first file of the series was sent. */
    static String firstName(final Line line) {
        final String name = lastName(line.file().path());
        final Optional<String> submitted = line.file().submittedName();
        if (submitted.isPresent()) {
            return submitted.map(sent -> lastName(Normalizer.normalize(sent, Normalizer.Form.NFC).replace('\\', '/')))
                    .filter(first -> Series.isLater(name, first)).orElse(name);
        }
        // Who has found it did not know what it was sent under
        return Optional.of(name).filter(later -> line.entry().event() == Event.FOUND).flatMap(Series::firstOf).map(FileName::toString)
                .orElse(name);
    }

    private static String lastName(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
