package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.journal.Journals.append;
import static org.dropzonebackup.core.journal.Journals.readAll;
import static org.dropzonebackup.core.journal.Journals.stored;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers with one journal. */
class SharedJournalTest {

    @TempDir
    private Path base;

    @Test
    void eachHoldsAChainOfItsOwn() throws Exception {
        final Journals servers = new Journals(base);
        final Journal one = servers.open();
        try (Journal other = servers.open()) {
            assertThat(List.of(one.chain(), other.chain())).containsExactly(1, 2);
            one.close();
            try (Journal again = servers.open(); Journal third = servers.open()) {
                assertThat(List.of(again.chain(), third.chain())).containsExactly(1, 3);
                assertThat(third.chains()).containsExactly(1, 2, 3);
            }
        }
    }

    @Test
    void theyStartAndAppendAtOnce() throws Exception {
        final int servers = 4;
        final CyclicBarrier together = new CyclicBarrier(servers);
        final List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            final String name = "server " + i + " ";
            final FutureTask<Integer> task = new FutureTask<>(() -> {
                together.await();
                try (Journal journal = new Journals(base).open()) {
                    together.await();
                    append(journal, name, 25);
                    together.await();
                    return journal.chain();
                }
            });
            tasks.add(task);
            new Thread(task, name).start();
        }
        final Set<Integer> chains = new HashSet<>();
        for (final FutureTask<Integer> task : tasks) {
            chains.add(task.get());
        }
        assertThat(chains).hasSize(servers);
        try (Journal journal = new Journals(base).open()) {
            for (final int chain : chains) {
                assertThat(readAll(journal, chain)).hasSize(25);
            }
            for (int i = 0; i < servers; i++) {
                assertThat(journal.find("alice", "server " + i + " 24")).isPresent();
            }
        }
    }

    @Test
    void eachFindsWhatTheOthersHaveEnteredASecondLater() throws Exception {
        final Journals servers = new Journals(base);
        try (Journal one = servers.open(); Journal other = servers.open()) {
            one.append(List.of(stored("a", 1)));
            servers.clock.pass(Duration.ofMillis(999));
            assertThat(other.find("alice", "a")).isEmpty();
            servers.clock.pass(Duration.ofMillis(1));
            assertThat(other.find("alice", "a")).hasValueSatisfying(line -> assertThat(line.chain()).isEqualTo(1));

            other.append(List.of(stored("a", 2)));
            assertThat(other.find("alice", "a").orElseThrow().file().size()).isEqualTo(2);
            servers.clock.pass(Duration.ofSeconds(1));
            assertThat(one.find("alice", "a").orElseThrow().file().size()).isEqualTo(2);

            append(one, "many ", 50);
            one.append(List.of(stored("a", 3)));
            servers.clock.pass(Duration.ofSeconds(1));
            try (Journal third = servers.open()) {
                for (final Journal each : List.of(one, other, third)) {
                    assertThat(each.find("alice", "a").orElseThrow().file().size()).isEqualTo(3);
                    for (int i = 0; i < 50; i++) {
                        assertThat(each.find("alice", "many " + i)).as("%d", i).isPresent();
                    }
                }
                append(third, "third ", 1);
            }
            servers.clock.pass(Duration.ofSeconds(1));
            assertThat(one.find("alice", "third 0")).isPresent();
        }
    }

    @Test
    void eachForgetsWhatAnotherHasCutOffAndWrittenAnew() throws Exception {
        final Journals servers = new Journals(base);
        try (Journal one = servers.open(); Journal other = servers.open()) {
            append(one, "kept", 1);
            final Path segment = servers.lastSegment(1);
            final long kept = Files.size(segment);
            final Position end = new Position(1, 1, kept, 2, readAll(one, 1).get(0).hash());
            write(segment, end, "withdrawn");
            servers.clock.pass(Duration.ofSeconds(1));
            assertThat(other.find("alice", "withdrawn")).isPresent();

            write(segment, end, "a", "a longer name", "b");
            servers.clock.pass(Duration.ofSeconds(1));
            assertThat(other.find("alice", "withdrawn")).isEmpty();
            assertThat(other.find("alice", "a")).isPresent();
            assertThat(other.find("alice", "a longer name")).isPresent();

            write(segment, end);
            servers.clock.pass(Duration.ofSeconds(1));
            assertThat(other.find("alice", "b")).isEmpty();
            assertThat(other.find("alice", "kept0")).isPresent();
        }
    }

    /** Makes lines all that follows a position. */
    private static void write(final Path segment, final Position from, final String... paths) throws Exception {
        final StringBuilder text = new StringBuilder();
        Position position = from;
        for (final String path : paths) {
            final byte[] line = LineFormat.format(position.seq(), Instant.EPOCH, stored(path), position.head());
            position = position.after(LineFormat.parse(1, line), 0);
            text.append(new String(line, StandardCharsets.UTF_8)).append('\n');
        }
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(from.offset());
            channel.write(StandardCharsets.UTF_8.encode(text.toString()), from.offset());
        }
    }
}
