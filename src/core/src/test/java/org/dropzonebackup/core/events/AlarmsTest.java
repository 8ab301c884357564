package org.dropzonebackup.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.TestJournals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmsTest {

    @TempDir
    private Path directory;
    private final SettableClock clock = new SettableClock();
    private Journal journal;
    private Alarms alarms;

    @BeforeEach
    void open() {
        journal = new Journal(directory, false, clock, clock::nanoTime);
        alarms = new Alarms(journal, clock::nanoTime);
    }

    @AfterEach
    void close() throws Exception {
        journal.close();
    }

    private List<Entry> entries() throws Exception {
        return TestJournals.readAll(journal, 1).stream().map(Line::entry).toList();
    }

    @Test
    void tellOfLowSpaceOnceUntilThereIsEnough() throws Exception {
        for (final long usable : new long[] {300, 200, 199, 50, 250, 100, 299, 300, 200, 150}) {
            alarms.space(usable, 100);
        }
        assertThat(entries()).extracting(Entry::event).containsExactly(Event.SPACE_LOW, Event.SPACE_LOW);
        assertThat(entries().get(0).details()).containsEntry("freeBytes", "199").containsEntry("reserveBytes", "100");
    }

    @Test
    void tellOfALockoutOnceAnHourAndOfSixtyInAll() throws Exception {
        final InetAddress address = InetAddress.getByName("192.0.2.1");
        alarms.loginBlocked(Optional.empty(), address);
        alarms.loginBlocked(Optional.of("alice"), address);
        alarms.loginBlocked(Optional.empty(), address);
        assertThat(entries()).extracting(Entry::user).containsExactly(Optional.empty(), Optional.of("alice"));
        assertThat(entries()).extracting(Entry::address).containsOnly(Optional.of("192.0.2.1"));
        for (int i = 0; i < 200; i++) {
            alarms.loginBlocked(Optional.empty(), InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) i}));
        }
        assertThat(entries()).hasSize(60);
        clock.pass(Duration.ofHours(1));
        alarms.loginBlocked(Optional.empty(), address);
        assertThat(entries()).hasSize(61);
    }
}
