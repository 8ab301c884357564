package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Directory#publish} promises. */
abstract class PublishingContract extends FileContract {

    static final int ROUNDS = 50;

    @Test
    void filesOfARequestBecomeVisibleTogether() throws Exception {
        publish(directory, false, "x", "a", "b", "c");
        for (final String name : List.of("a", "b", "c")) {
            assertContent(path(name), "x" + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void noneIsVisibleIfOnePathIsTaken(final String taken) throws Exception {
        put(taken, "there");
        final List<StagedFile> files = List.of(staged("1"), staged("2"), staged("3"));
        try (StagedFile first = files.get(0); StagedFile second = files.get(1); StagedFile third = files.get(2)) {
            final List<Publication> all = List.of(new Publication(first, path("a"), false),
                    new Publication(second, path("b"), false), new Publication(third, path("c"), false));
            assertThatThrownBy(() -> directory.publish(all, Action::run)).isInstanceOfSatisfying(NameTakenException.class,
                    e -> assertThat(e.publication()).isSameAs(all.get(taken.charAt(0) - 'a')));
            for (final String name : List.of("a", "b", "c")) {
                if (!name.equals(taken)) {
                    assertNothingAt(name);
                }
            }
            directory.publish(List.of(new Publication(first, path("d"), false), new Publication(second, path("e"), false),
                    new Publication(third, path("f"), false)), Action::run);
        }
        assertContent(path(taken), "there");
        assertContent(path("d"), "1");
        assertContent(path("f"), "3");
        assertNothingLeft();
    }

    @Test
    void replacesWhatItMay() throws Exception {
        put(path("a"), true, "old");
        put(path("a"), true, "new");
        assertContent(path("a"), "new");
        assertThat(directory.usage()).isEqualTo(3);
        assertNothingLeft();
    }

    @Test
    void whatWasReplacedIsBackIfAnotherFails() throws Exception {
        put("a", "old");
        put("b", "there");
        try (StagedFile first = staged("1"); StagedFile second = staged("2")) {
            assertThatThrownBy(() -> directory.publish(
                    List.of(new Publication(first, path("a"), true), new Publication(second, path("b"), false)), Action::run))
                            .isInstanceOf(NameTakenException.class);
            assertContent(path("a"), "old");
            directory.publish(List.of(new Publication(first, path("a"), true), new Publication(second, path("c"), false)), Action::run);
        }
        assertContent(path("a"), "1");
        assertContent(path("b"), "there");
        assertContent(path("c"), "2");
        assertNothingLeft();
    }

    @Test
    void filesAreVisibleWhenTheyAreRecorded() throws Exception {
        final FilePath below = path("d", "e", "b");
        try (StagedFile first = staged("1"); StagedFile second = staged("2")) {
            directory.publish(List.of(new Publication(first, path("a"), false), new Publication(second, below, false)), names -> {
                names.run();
                assertContent(below, "2");
                assertThat(store.open("alice").find(FilePath.ofStored("a"))).isPresent();
            });
        }
        assertContent(below, "2");
        assertNothingLeft();
    }

    @Test
    void filesThatCannotBeRecordedAreWithdrawn() throws Exception {
        put("a", "old");
        final IOException fault = new IOException("as a test wants it");
        try (StagedFile first = staged("1"); StagedFile second = staged("2"); StagedFile third = staged("3")) {
            final List<Publication> all = List.of(new Publication(first, path("a"), true),
                    new Publication(second, path("b"), false), new Publication(third, path("d", "e", "c"), false));
            assertThatThrownBy(() -> directory.publish(all, names -> {
                names.run();
                throw fault;
            })).isSameAs(fault);
            assertContent(path("a"), "old");
            assertNothingAt("b", "d");
            assertThat(directory.usage()).isEqualTo(3);
            directory.publish(all, Action::run);
        }
        assertContent(path("a"), "1");
        assertContent(path("d", "e", "c"), "3");
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileOfTheSameRequestIsNotReplaced(final boolean replace) throws Exception {
        try (StagedFile first = staged("1"); StagedFile second = staged("2")) {
            assertThatThrownBy(() -> directory.publish(
                    List.of(new Publication(first, path("a"), replace), new Publication(second, path("a"), replace)), Action::run))
                            .isInstanceOf(NameTakenException.class);
        }
        assertNothingAt("a");
        assertNothingLeft();
    }

    @Test
    void oneOfTwoWinsTheRaceForAName() throws Exception {
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            final String name = "a" + round;
            final List<Boolean> won = race(() -> publish(directory, false, "1", name), () -> publish(other, false, "2", name));
            assertThat(won).containsExactlyInAnyOrder(true, false);
            assertContent(path(name), (won.get(0) ? "1" : "2") + name);
        }
        assertNothingLeft();
    }

    @Test
    void requestsThatRaceForSeveralNamesNeverShareThem() throws Exception {
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            final String a = "a" + round;
            final String b = "b" + round;
            final List<Boolean> won = race(() -> publish(directory, false, "1", a, b), () -> publish(other, false, "2", b, a));
            assertThat(won).isNotEqualTo(List.of(true, true));
            if (won.contains(true)) {
                assertContent(path(a), (won.get(0) ? "1" : "2") + a);
                assertContent(path(b), (won.get(0) ? "1" : "2") + b);
            } else {
                assertNothingAt(a, b);
            }
        }
        assertNothingLeft();
    }

    @Test
    void oneThatFailsBringsBackNothingThatAnotherHasReplaced() throws Exception {
        put("taken", "there");
        for (int round = 0; round < ROUNDS; round++) {
            final String a = "a" + round;
            put(a, "old");
            final Directory other = store.open("alice");
            final List<Boolean> won = race(() -> publish(directory, true, "1", a), () -> {
                try (StagedFile file = staged(other, "2"); StagedFile second = staged(other, "2")) {
                    other.publish(List.of(new Publication(file, path(a), true), new Publication(second, path("taken"), false)), Action::run);
                }
            });
            assertThat(won).containsExactly(true, false);
            assertContent(path(a), "1" + a);
        }
        assertNothingLeft();
    }

    interface Attempt {
        void run() throws Exception;
    }

    private static void publish(final Directory directory, final boolean replace, final String content, final String... names)
            throws Exception {
        final List<Publication> all = new ArrayList<>();
        try {
            for (final String name : names) {
                all.add(new Publication(staged(directory, content + name), path(name), replace));
            }
            directory.publish(all, Action::run);
        } finally {
            for (final Publication each : all) {
                each.file().close();
            }
        }
    }

    /** @return for each whether it found no name taken */
    static List<Boolean> race(final Attempt... attempts) throws Exception {
        final ExecutorService racers = Executors.newFixedThreadPool(attempts.length);
        final CyclicBarrier start = new CyclicBarrier(attempts.length);
        try {
            final List<Future<Boolean>> ends = new ArrayList<>();
            for (final Attempt attempt : attempts) {
                ends.add(racers.submit(() -> {
                    start.await();
                    try {
                        attempt.run();
                        return true;
                    } catch (final NameTakenException e) {
                        return false;
                    }
                }));
            }
            final List<Boolean> won = new ArrayList<>();
            for (final Future<Boolean> end : ends) {
                won.add(end.get());
            }
            return won;
        } finally {
            racers.shutdown();
        }
    }
}
