package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Directory} promises of paths with directories. */
abstract class PathContract extends PublishingContract {

    @Test
    void directoriesOfAPathAreMade() throws Exception {
        put(path("a", "b", "c"), false, "content");
        put(path("a", "b", "d"), false, "more");
        assertContent(path("a", "b", "c"), "content");
        assertThat(directory.find(path("a", "b", "x"))).isEmpty();
        assertThat(directory.find(path("x", "b", "c"))).isEmpty();
        assertThat(directory.usage()).isEqualTo(11);
        assertThatThrownBy(() -> put(path("a", "b", "c"), false, "other")).isInstanceOf(NameTakenException.class);
        put(path("a", "b", "c"), true, "replaced");
        assertContent(path("a", "b", "c"), "replaced");
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pathLeadsThroughNoFileAndNoFileTakesADirectorysPlace(final boolean replace) throws Exception {
        put("file", "there");
        put(path("a", "b"), false, "content");
        put(path("a", "file"), false, "there");
        assertTaken(path("file", "b"), replace, path("file"));
        assertTaken(path("file", "b", "c"), replace, path("file"));
        assertTaken(path("a", "file", "b", "c"), replace, path("a", "file"));
        assertTaken(path("a"), replace, path("a"));
        assertTaken(path("a", "b"), false, path("a", "b"));
        assertThat(directory.find(path("a")).filter(StoredFile::isFile)).isEmpty();
        assertThat(directory.find(path("file", "b")).filter(StoredFile::isFile)).isEmpty();
        assertContent(path("file"), "there");
        assertContent(path("a", "b"), "content");
        assertNothingLeft();
    }

    private void assertTaken(final FilePath path, final boolean replace, final FilePath taken) {
        assertThatThrownBy(() -> put(path, replace, "x")).isInstanceOfSatisfying(NameTakenException.class, e -> {
            assertThat(e.taken()).isEqualTo(taken);
            assertThat(e.publication().path()).isEqualTo(path);
        });
    }

    @Test
    void fileOfTheSameRequestIsNoDirectory() throws Exception {
        final FilePath inner = path("a", "b");
        try (StagedFile first = staged("1"); StagedFile second = staged("2")) {
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, inner, true),
                    new Publication(second, path("a", "b", "c"), true)), Action::run)).isInstanceOfSatisfying(NameTakenException.class,
                            e -> assertThat(e.taken()).isEqualTo(inner));
            assertNothingAt("a");
        }
        assertNothingLeft();
    }

    @Test
    void directoriesOfARequestThatFailsAreNotThere() throws Exception {
        put(path("there", "x"), false, "there");
        try (StagedFile first = staged("1"); StagedFile second = staged("2"); StagedFile third = staged("3");
                StagedFile fourth = staged("4")) {
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, path("a", "b", "c"), false),
                    new Publication(second, path("a", "d"), false), new Publication(third, path("there", "b", "c"), false),
                    new Publication(fourth, path("there", "x"), false)), Action::run)).isInstanceOf(NameTakenException.class);
            assertNothingAt("a");
            assertThat(directory.find(path("there", "b"))).isEmpty();
            assertContent(path("there", "x"), "there");
            directory.publish(List.of(new Publication(first, path("a"), false), new Publication(second, path("b"), false),
                    new Publication(third, path("there", "b"), false), new Publication(fourth, path("there", "c"), false)), Action::run);
        }
        assertContent(path("there", "c"), "4");
        assertNothingLeft();
    }

    @Test
    void whatWasReplacedInADirectoryIsBackIfAnotherFails() throws Exception {
        put(path("a", "b"), false, "old");
        put("taken", "there");
        final FilePath inner = path("a", "b");
        try (StagedFile first = staged("1"); StagedFile second = staged("2")) {
            assertThatThrownBy(() -> directory.publish(List.of(new Publication(first, inner, true),
                    new Publication(second, path("taken"), false)), Action::run)).isInstanceOf(NameTakenException.class);
            assertContent(path("a", "b"), "old");
            directory.publish(List.of(new Publication(first, path("a", "b"), true)), Action::run);
        }
        assertContent(path("a", "b"), "1");
        assertThat(directory.usage()).isEqualTo(6);
        assertNothingLeft();
    }

    @Test
    void requestsThatMakeTheSameDirectoriesBothSucceed() throws Exception {
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            final FilePath one = path("a", "b" + round, "c", "one");
            final FilePath two = path("a", "b" + round, "c", "two");
            assertThat(race(() -> publish(directory, one, "1"), () -> publish(other, two, "2"))).containsExactly(true, true);
            assertContent(one, "1");
            assertContent(two, "2");
        }
        assertNothingLeft();
    }

    @Test
    void oneOfTwoWinsTheRaceForANameInADirectory() throws Exception {
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            // New directories and old ones
            final FilePath path = path("a" + round / 2, "b" + round);
            final List<Boolean> won = race(() -> publish(directory, path, "1"), () -> publish(other, path, "2"));
            assertThat(won).containsExactlyInAnyOrder(true, false);
            assertContent(path, won.get(0) ? "1" : "2");
        }
        assertNothingLeft();
    }

    /** One that fails removes its directories while another publishes there. */
    @Test
    void directoryInWhichAnotherHasPublishedStays() throws Exception {
        put("taken", "there");
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            final FilePath path = path("a" + round, "b", "stays");
            final FilePath goes = path("a" + round, "b", "goes");
            final List<Boolean> won = race(() -> publish(directory, path, "1"), () -> {
                try (StagedFile file = staged(other, "2"); StagedFile second = staged(other, "2")) {
                    other.publish(List.of(new Publication(file, goes, false), new Publication(second, path("taken"), false)), Action::run);
                }
            });
            assertThat(won).containsExactly(true, false);
            assertContent(path, "1");
            assertThat(directory.find(goes)).isEmpty();
        }
        assertNothingLeft();
    }

    @Test
    void namesAreThoseOfFilesBesideAPath() throws Exception {
        for (final String name : List.of("db.dump", "db.1.dump", "other")) {
            put(name, "content");
            put(path("a", name), false, "content");
        }
        put(path("db.directory", "x"), false, "content");
        put(path("a", "db.directory", "x"), false, "content");
        try (StagedFile file = staged("content")) {
            assertThat(file.isWritten()).isTrue();
            assertThat(directory.names(path("db.dump"), "db.")).containsExactlyInAnyOrder("db.dump", "db.1.dump");
            assertThat(directory.names(path("a", "x"), "db.")).containsExactlyInAnyOrder("db.dump", "db.1.dump");
            assertThat(directory.names(path("x"), "")).containsExactlyInAnyOrder("db.dump", "db.1.dump", "other");
            assertThat(directory.names(path("missing", "x"), "")).isEmpty();
            assertThat(directory.names(path("other", "x"), "")).isEmpty();
        }
    }

    @Test
    void directoriesAreThoseBesideAPath() throws Exception {
        put("file", "content");
        for (final FilePath path : List.of(path("a", "x"), path("b", "c", "x"), path("b", "d", "e", "x"))) {
            put(path, false, "content");
        }
        assertThat(directory.directories(path("any"))).containsExactlyInAnyOrder("a", "b");
        assertThat(directory.directories(path("b", "any"))).containsExactlyInAnyOrder("c", "d");
        assertThat(directory.directories(path("a", "any"))).isEmpty();
        assertThat(directory.directories(path("missing", "any"))).isEmpty();
        assertThat(directory.directories(path("file", "any"))).isEmpty();
    }

    @Test
    void removedFileTakesEmptyDirectoriesAlong() throws Exception {
        put(path("a", "b", "c", "goes"), false, "content");
        put(path("a", "stays"), false, "more");
        put("goes", "content");
        for (final FilePath path : List.of(path("a", "b", "c", "goes"), path("goes"))) {
            final StoredFile file = directory.find(path).orElseThrow();
            assertThat(file.remove()).isTrue();
            assertThat(directory.find(path)).isEmpty();
            assertThat(file.remove()).as("again").isFalse();
        }
        assertThat(directory.directories(path("any"))).containsExactly("a");
        assertThat(directory.directories(path("a", "any"))).isEmpty();
        assertContent(path("a", "stays"), "more");
        assertThat(directory.usage()).isEqualTo(4);
        put(path("a", "b", "c", "goes"), false, "again");
        assertNothingLeft();
    }

    @Test
    void removesOnlyTheVeryFileThatWasFound() throws Exception {
        for (final FilePath path : List.of(path("file"), path("a", "file"))) {
            put(path, false, "old");
            final StoredFile found = directory.find(path).orElseThrow();
            put(path, true, "new");
            assertThat(found.remove()).isFalse();
            assertContent(path, "new");
        }
        for (final FilePath path : List.of(path("a"), path("file", "x"))) {
            final Optional<StoredFile> noFile = directory.find(path);
            assertThat(noFile.isPresent() && noFile.get().remove()).as("%s", path).isFalse();
        }
        assertNothingLeft();
    }

    /** A file is replaced while it is removed: the new one stays. */
    @Test
    void fileThatReplacesARemovedOneStays() throws Exception {
        final Directory other = newStore(threads).open("alice");
        for (int round = 0; round < ROUNDS; round++) {
            final FilePath path = round % 2 == 0 ? path("a" + round, "b") : path("b" + round);
            put(path, false, "old");
            final StoredFile found = directory.find(path).orElseThrow();
            assertThat(race(() -> {
                if (found.remove()) {
                    assertThat(found.isUnchanged()).isFalse();
                }
            }, () -> {
                try (StagedFile file = staged(other, "new")) {
                    other.publish(List.of(new Publication(file, path, true)), Action::run);
                }
            })).containsExactly(true, true);
            assertContent(path, "new");
        }
        assertNothingLeft();
    }

    @Test
    void uploadResourceIsPublishedInADirectory() throws Exception {
        for (final FilePath path : List.of(path("a", "b", "c"), path("a", "b", "d"))) {
            final UploadId id = create(4);
            append(id, "0123");
            try (PendingUpload upload = resume(id)) {
                record(upload, 4, true);
                directory.publish(List.of(new Publication(upload, path, false)), Action::run);
            }
            assertContent(path, "0123");
            assertThat(directory.look(id)).map(UploadRecord::pending).contains(false);
        }
        assertThat(directory.usage()).isEqualTo(8);
        assertNothingLeft();
    }

    @Test
    void storedFileInADirectorySaysWhenItIsAnother() throws Exception {
        final FilePath path = path("a", "b");
        put(path, false, "old");
        final StoredFile found = directory.find(path).orElseThrow();
        assertThat(found.isUnchanged()).isTrue();
        put(path, true, "newer");
        assertThat(found.isUnchanged()).isFalse();
    }

    private static void publish(final Directory directory, final FilePath path, final String content) throws Exception {
        try (StagedFile file = staged(directory, content)) {
            directory.publish(List.of(new Publication(file, path, false)), Action::run);
        }
    }
}
