package org.dropzonebackup.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {

    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path base;
    private final SettableClock clock = new SettableClock();
    private Collection<User> users;
    private Journal journal;
    private Freshness freshness;

    @BeforeEach
    void open() throws IOException {
        users = users("alice.expect-every = 1 d\nalice.expect-grace = 2 h\nbob.quota = 1\n");
        start();
    }

    private void start() {
        journal = new Journal(OwnDirectories.journal(base), false, clock, clock::nanoTime);
        freshness = watch(journal);
    }

    private Freshness watch(final Journal by) {
        return new Freshness(by, base.resolve(OwnDirectories.MEMORY), clock, clock::nanoTime);
    }

    @AfterEach
    void stop() throws IOException {
        freshness.close();
        journal.close();
    }

    private static Collection<User> users(final String text) throws IOException {
        return UsersFile.parse(text).users().values();
    }

    private void store(final String user, final long size) throws IOException {
        journal.append(List.of(new Entry(Event.STORED, Optional.of(user),
                new FileFacts(user, "db.dump", size, "0".repeat(64), Optional.empty()), Optional.empty())));
    }

    /** Looks as often as is no pause, and in the end every ten seconds. */
    private void pass(final Duration time) throws IOException {
        for (Duration left = time; left.compareTo(Duration.ZERO) > 0;) {
            final Duration step = left.compareTo(Duration.ofMinutes(5)) > 0 ? Duration.ofMinutes(4) : LOOK;
            clock.pass(step);
            freshness.look(users);
            left = left.minus(step);
        }
    }

    private List<String> told() throws IOException {
        final List<String> told = new ArrayList<>();
        for (final int chain : journal.chains()) {
            TestJournals.readAll(journal, chain).stream().map(Line::entry).filter(entry -> entry.file().isEmpty())
                    .forEach(entry -> told.add(entry.event() + " " + entry.user().orElseThrow()));
        }
        return told;
    }

    private State state() {
        return freshness.seen().get("alice").state();
    }

    @Test
    void isNewThenOnTimeThenLateThenDownThenRecovered() throws Exception {
        pass(DAY.multipliedBy(3));
        assertThat(state()).isEqualTo(State.NEW);
        store("alice", 1);
        pass(DAY.minus(LOOK));
        assertThat(state()).isEqualTo(State.ON_TIME);
        assertThat(told()).isEmpty();
        pass(LOOK);
        assertThat(state()).isEqualTo(State.LATE);
        pass(HOUR.multipliedBy(2).minus(LOOK));
        assertThat(told()).containsExactly("LATE alice");
        pass(LOOK);
        assertThat(state()).isEqualTo(State.DOWN);
        pass(DAY);
        assertThat(told()).containsExactly("LATE alice", "DOWN alice");

        store("alice", 1);
        pass(LOOK.multipliedBy(3));
        assertThat(state()).isEqualTo(State.ON_TIME);
        assertThat(told()).containsExactly("LATE alice", "DOWN alice", "RECOVERED alice");
        assertThat(freshness.seen()).containsOnlyKeys("alice");
    }

    @Test
    void tellsWhenTheLastFileCameAndByWhenTheNextWasExpected() throws Exception {
        store("alice", 1);
        final String stored = clock.instant().toString();
        pass(DAY.plus(LOOK));
        assertThat(TestJournals.readAll(journal, 1).get(1).entry().details()).containsExactlyInAnyOrderEntriesOf(Map.of(
                "lastStored", stored.replaceAll("(\\.\\d{3})\\d*", "$1"), "lastPath", "db.dump",
                "expectedBy", clock.instant().minus(LOOK).toString().replaceAll("(\\.\\d{3})\\d*", "$1")));
    }

    @Test
    void tellsNothingTwiceAcrossRestartsEvenIfItsFileIsLost() throws Exception {
        store("alice", 1);
        pass(DAY);
        stop();
        start();
        pass(LOOK.multipliedBy(3));
        assertThat(told()).containsExactly("LATE alice");
        stop();
        Files.delete(base.resolve(".dropzone/freshness.json"));
        start();
        pass(HOUR);
        assertThat(told()).containsExactly("LATE alice");
        pass(HOUR.multipliedBy(4));
        assertThat(told()).containsExactly("LATE alice", "DOWN alice");
    }

    @Test
    void givesClientsTheirGraceAfterAWeekOfBeingSwitchedOff() throws Exception {
        store("alice", 1);
        pass(HOUR);
        stop();
        clock.pass(DAY.multipliedBy(7));
        start();
        freshness.look(users);
        stop();
        clock.pass(Duration.ofMinutes(1));
        start();
        pass(HOUR.multipliedBy(2).minusMinutes(2));
        assertThat(state()).isEqualTo(State.ON_TIME);
        pass(Duration.ofMinutes(2));
        assertThat(told()).containsExactly("LATE alice");
        pass(HOUR.multipliedBy(2));
        assertThat(told()).containsExactly("LATE alice", "DOWN alice");
    }

    @ParameterizedTest
    @ValueSource(ints = {-30, 30})
    void blamesNoClientForAClockThatJumps(final int days) throws Exception {
        store("alice", 1);
        pass(HOUR);
        clock.pass(DAY.multipliedBy(days));
        pass(HOUR);
        assertThat(state()).isEqualTo(State.ON_TIME);
        assertThat(told()).isEmpty();
    }

    @Test
    void countsOnlyFilesThatAreLargeEnough() throws Exception {
        users = users("alice.expect-every = 1 d\nalice.expect-min-size = 10\n");
        store("alice", 10);
        pass(DAY.dividedBy(2));
        store("alice", 9);
        pass(DAY.dividedBy(2));
        assertThat(told()).containsExactly("LATE alice");
        assertThat(freshness.seen().get("alice").last().orElseThrow().size()).isEqualTo(10);
    }

    @Test
    void followsTheUsersFile() throws Exception {
        store("bob", 1);
        store("alice", 1);
        pass(DAY.multipliedBy(2));
        users = users("bob.expect-every = 1 d\nalice.expect-every = 9 d\n");
        pass(LOOK);
        assertThat(told()).containsExactly("LATE alice", "DOWN alice", "DOWN bob", "RECOVERED alice");
        users = users("alice.expect-every = 1 d\nalice.enabled = false\n");
        pass(DAY.multipliedBy(20));
        assertThat(freshness.seen()).isEmpty();
        assertThat(told()).hasSize(4);
    }

    @Test
    void isToldByOneOfSeveralServersAndByAnotherWhenThatEnds() throws Exception {
        store("alice", 1);
        freshness.look(users);
        try (Journal second = new Journal(OwnDirectories.journal(base), false, clock, clock::nanoTime);
                Freshness other = watch(second)) {
            clock.pass(DAY);
            other.look(users);
            assertThat(other.seen()).isEmpty();
            freshness.look(users);
            assertThat(told()).isEmpty();
            pass(HOUR.multipliedBy(2));
            other.look(users);
            assertThat(told()).containsExactly("LATE alice");

            freshness.close();
            second.append(List.of(new Entry(Event.STORED, Optional.of("alice"),
                    new FileFacts("alice", "x", 1, "0".repeat(64), Optional.empty()), Optional.empty())));
            other.look(users);
            assertThat(other.seen().get("alice").state()).isEqualTo(State.ON_TIME);
            assertThat(told()).containsExactly("LATE alice", "RECOVERED alice");
        }
    }

    @Test
    void readsOnBehindADamageOfTheJournal() throws Exception {
        store("alice", 1);
        store("alice", 2);
        freshness.look(users);
        stop();
        final Path segment = base.resolve(".dropzone/journal/1/00000000000000000001.jsonl");
        Files.writeString(segment, "no entry\n", StandardOpenOption.APPEND);
        start();
        store("alice", 3);
        pass(LOOK);
        assertThat(freshness.seen().get("alice").last().orElseThrow().size()).isEqualTo(3);
    }

    @Test
    void costsNothingIfNothingIsExpected() throws Exception {
        users = users("alice.quota = 1\n");
        pass(DAY.dividedBy(100));
        assertThat(base.resolve(".dropzone")).doesNotExist();
    }

    @Test
    void isAnsweredToWhoAsksOnceWithoutWriting() throws Exception {
        store("alice", 7);
        freshness.look(users);
        final Path file = base.resolve(".dropzone/freshness.json");
        final String before = Files.readString(file);
        store("bob", 5);
        final Map<String, Overview.Told> told = Overview.of(users, journal, file.getParent(), clock.instant().plus(DAY));
        assertThat(told.get("alice").state()).contains(State.LATE);
        assertThat(told.get("alice").last().orElseThrow().size()).isEqualTo(7);
        assertThat(told.get("bob").state()).isEmpty();
        assertThat(told.get("bob").last().orElseThrow().path()).isEqualTo("db.dump");
        assertThat(file).hasContent(before);
    }
}
