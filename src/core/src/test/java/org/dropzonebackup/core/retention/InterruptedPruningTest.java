package org.dropzonebackup.core.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.retention.PrunedBox.ALICES;
import static org.dropzonebackup.core.retention.PrunedBox.DAY;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dropzonebackup.core.files.ProcessLock;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoredFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruning that is killed between the entry of a file and its removal, and pruning by several at a time. */
class InterruptedPruningTest {

    @TempDir
    private Path base;

    /** What happens before a file is removed, after its entry. */
    @FunctionalInterface
    private interface Moment {
        void reached() throws IOException;
    }

    @Test
    void isFinishedByTheNext() throws Exception {
        final PrunedBox box = new PrunedBox(base);
        final List<String> names = box.nights(6, "db.dump");
        box.pass(DAY.multipliedBy(11));
        kill(box);
        assertThat(box.files()).hasSize(6);
        assertThat(box.entries(Event.REMOVED)).containsExactly(names.get(0));
        assertThat(box.removed()).isEmpty();

        assertThat(box.prune().removed()).as("one was killed").isEqualTo(names.subList(0, 3));
        assertThat(box.removals).extracting(removal -> removal.newer().isEmpty()).containsExactly(true, false, false);
        assertThat(box.files()).hasSize(3);
        assertThat(box.entries(Event.REMOVED)).as("each once").isEqualTo(names.subList(0, 3));
    }

    private static void kill(final PrunedBox box) throws IOException {
        final Retention killed = box.retention(box.journal, store -> beforeRemoval(store, () -> {
            throw new IOException("killed");
        }));
        killed.acceptClock();
        assertThat(killed.prune(ALICES, box)).isTrue();
        assertThat(box.faults).singleElement().satisfies(fault -> assertThat(fault).hasMessage("killed"));
    }

    @Test
    void doesNotTouchWhatWasStoredUnderTheNameMeanwhile() throws Exception {
        final PrunedBox box = new PrunedBox(base, Existing.REPLACE);
        final List<String> names = box.nights(1, "db.dump");
        box.pass(DAY.multipliedBy(11));
        final List<KeptBox> none = List.of(new KeptBox("alice", "alice",
                new KeepRule(DAY.multipliedBy(10), 0)));
        final Retention killed = box.retention(box.journal, store -> beforeRemoval(store, () -> {
            throw new IOException("killed");
        }));
        killed.acceptClock();
        killed.prune(none, box);
        assertThat(box.newest("db.dump")).isEqualTo(Event.REMOVED);

        assertThat(box.nights(1, "db.dump")).isEqualTo(names);
        assertThat(killed.prune(none, box)).isTrue();
        assertThat(box.files()).isEqualTo(names);
        assertThat(box.newest("db.dump")).isEqualTo(Event.STORED);
    }

    @Test
    void doesNotTouchAYoungFileThatTheJournalTakesForARemovedOne() throws Exception {
        final PrunedBox box = new PrunedBox(base);
        final List<String> names = box.nights(6, "db.dump");
        box.pass(DAY.multipliedBy(11));
        kill(box);
        // Of another server, whose clock is some seconds behind
        Files.delete(box.path(names.get(0)));
        Files.writeString(box.path(names.get(0)), "new one");
        Files.setLastModifiedTime(box.path(names.get(0)), FileTime.from(box.clock.instant().minusSeconds(5)));
        assertThat(box.prune().removed()).isEqualTo(names.subList(1, 3));
        assertThat(box.path(names.get(0))).hasContent("new one");
    }

    @Test
    void entersWhatReplacesAFileJustThen() throws Exception {
        final PrunedBox box = new PrunedBox(base);
        final List<String> names = box.nights(4, "db.dump");
        box.pass(DAY.multipliedBy(11));
        final Retention retention = box.retention(box.journal, store -> beforeRemoval(store, () -> {
            Files.delete(box.path(names.get(0)));
            Files.writeString(box.path(names.get(0)), "the replacement");
        }));
        retention.acceptClock();
        assertThat(retention.prune(ALICES, box)).isTrue();
        assertThat(box.removed()).isEmpty();
        assertThat(box.path(names.get(0))).hasContent("the replacement");
        assertThat(box.journal.find("alice", names.get(0)).orElseThrow().entry()).satisfies(entry -> {
            assertThat(entry.event()).isEqualTo(Event.FOUND);
            assertThat(entry.file().orElseThrow().size()).isEqualTo("the replacement".length());
            assertThat(entry.user()).contains("alice");
        });
        assertThat(box.faults).isEmpty();
    }

    @Test
    void isLeftToTheProcessThatIsAtIt() throws Exception {
        final PrunedBox box = new PrunedBox(base);
        box.nights(15, "db.dump");
        final Retention retention = box.retention();
        retention.acceptClock();
        try (ProcessLock other = ProcessLock.take(base.resolve(".dropzone/prune.lock")).orElseThrow()) {
            assertThat(retention.prune(ALICES, box)).as("%s", other).isFalse();
            assertThat(retention.acceptClock()).isFalse();
            assertThat(box.files()).hasSize(15);
        }
        assertThat(retention.prune(ALICES, box)).isTrue();
        assertThat(box.files()).hasSize(10);
    }

    @Test
    void isDoneOnceByTwoServers() throws Exception {
        final PrunedBox box = new PrunedBox(base);
        final List<String> names = box.nights(40, "db.dump");
        box.retention().acceptClock();
        final CyclicBarrier start = new CyclicBarrier(2);
        final ExecutorService servers = Executors.newFixedThreadPool(2);
        try {
            final List<Future<Boolean>> ends = new ArrayList<>();
            final List<Journal> journals = List.of(box.journal(), box.journal());
            for (final Journal journal : journals) {
                ends.add(servers.submit((Callable<Boolean>) () -> {
                    final Retention retention = box.retention(journal, store -> store);
                    start.await();
                    boolean done = false;
                    for (int i = 0; i < 5; i++) {
                        done |= retention.prune(ALICES, new Silent());
                    }
                    return done;
                }));
            }
            for (final Future<Boolean> end : ends) {
                end.get();
            }
            for (final Journal journal : journals) {
                journal.close();
            }
        } finally {
            servers.shutdown();
        }
        assertThat(box.files()).containsExactlyInAnyOrderElementsOf(names.subList(30, 40));
        assertThat(box.entries(Event.REMOVED)).containsExactlyInAnyOrderElementsOf(names.subList(0, 30));
    }

    private static final class Silent implements Retention.Report {

        @Override
        public void goes(final Removal removal) {
            assertThat(removal.newer()).isPresent();
        }

        @Override
        public void failed(final String directory, final IOException fault) {
            throw new AssertionError(directory, fault);
        }
    }

    /** The store, of which something happens before each removal. */
    private static Store beforeRemoval(final Store store, final Moment moment) {
        return wrapped(Store.class, store, moment);
    }

    private static <T> T wrapped(final Class<T> type, final Object part, final Moment moment) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals("remove")) {
                moment.reached();
            }
            final Object result;
            try {
                result = method.invoke(part, arguments);
            } catch (final InvocationTargetException e) {
                throw e.getCause();
            }
            return result instanceof Optional<?> perhaps ? perhaps.map(each -> wrapped(each, moment)) : result;
        }));
    }

    private static Object wrapped(final Object part, final Moment moment) {
        if (part instanceof Directory) {
            return wrapped(Directory.class, part, moment);
        }
        return part instanceof StoredFile ? wrapped(StoredFile.class, part, moment) : part;
    }
}
