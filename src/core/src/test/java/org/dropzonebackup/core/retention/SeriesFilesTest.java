package org.dropzonebackup.core.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.policy.KeepRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The series of files, and which of them go. */
class SeriesFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-30T02:17:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STORED | a/db.dump                        |                  | db.dump
            STORED | a/db.2026-11-30T02-17-00Z.dump   | a/db.dump        | db.dump
            STORED | db.2026-11-30T02-17-00Z.dump     | C:\\tmp\\db.dump | db.dump
            STORED | B\u00fc.2026-11-30T02-17-00Z-2.x | /tmp/Bu\u0308.x  | B\u00fc.x
            STORED | db.2026-11-30T02-17-00Z.dump     |                  | db.2026-11-30T02-17-00Z.dump
            STORED | db.2026-11-30T02-17-00Z.dump     | other.dump       | db.2026-11-30T02-17-00Z.dump
            STORED | db.2026-11-30T02-17-00Z.dump     | ..               | db.2026-11-30T02-17-00Z.dump
            FOUND  | a/db.2026-11-30T02-17-00Z.dump   |                  | db.dump
            FOUND  | db.2026-11-30T02-17-00Z.dump     | other.dump       | db.2026-11-30T02-17-00Z.dump
            FOUND  | a/db.dump                        |                  | db.dump
            """)
    void belongToWhatTheyWereSentUnder(final Event event, final String path, final String submitted, final String first) {
        assertThat(SeriesFiles.firstName(line(event, 1, Instant.EPOCH, "alice",
                new FileFacts("alice", path, 1, "0".repeat(64), Optional.ofNullable(submitted))))).isEqualTo(first);
    }

    @Test
    void goByTheRuleOfTheirUsersWhoShareADirectory() {
        final SeriesFiles files = new SeriesFiles(new Expiry(Map.of("alice", new KeepRule(Duration.ofDays(10), 1),
                "carol", new KeepRule(Duration.ofDays(40), 3)), NOW));
        final List<String> users = List.of("alice", "carol", "carol", "alice", "bob", "alice");
        for (int i = 0; i < users.size(); i++) {
            files.add(line(i, NOW.minus(Duration.ofDays(60 - 11 * i)), users.get(i)));
        }
        assertThat(files.going()).extracting(removal -> removal.line().seq()).as("60, 49, 38, 27, 16 and 5 days old")
                .containsExactly(0L, 1L, 3L);
    }

    @Test
    void goOneMillisecondAfterTheirTime() {
        final Expiry expiry = new Expiry(Map.of("alice", new KeepRule(Duration.ofDays(10), 0)), NOW);
        final SeriesFiles files = new SeriesFiles(expiry);
        files.add(line(1, NOW.minus(Duration.ofDays(10)), "alice"));
        files.add(line(2, NOW.minus(Duration.ofDays(10)).minusMillis(1), "alice"));
        files.add(line(3, NOW.plus(Duration.ofDays(10)), "alice"));
        assertThat(files.going()).extracting(removal -> removal.line().seq()).containsExactly(2L);
    }

    /** Entered at the same time: in one chain the later one is newer. */
    @Test
    void areLookedAtInPartsIfThereAreTooMany() {
        final SeriesFiles files = new SeriesFiles(new Expiry(Map.of("alice", new KeepRule(Duration.ofDays(10), 5)), NOW));
        IntStream.range(0, 9_999).forEach(i -> files.add(line(i, Instant.EPOCH, "alice")));
        assertThat(files.isFull()).isFalse();
        IntStream.range(9_999, 20_000).forEach(i -> files.add(line(i, Instant.EPOCH, "alice")));
        assertThat(files.isFull()).isTrue();
        assertThat(files.going()).hasSize(9_995).first().satisfies(removal -> assertThat(removal.line().seq()).isZero());
    }

    private static Line line(final long seq, final Instant time, final String user) {
        return line(Event.STORED, seq, time, user, new FileFacts("alice", "db.dump", 1, "0".repeat(64), Optional.empty()));
    }

    private static Line line(final Event event, final long seq, final Instant time, final String user, final FileFacts file) {
        return new Line(1, seq, time, new Entry(event, Optional.of(user), file, Optional.empty()), Line.NONE, Line.NONE);
    }
}
