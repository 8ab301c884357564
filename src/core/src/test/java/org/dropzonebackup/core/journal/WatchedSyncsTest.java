package org.dropzonebackup.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dropzonebackup.core.files.SyncWatch.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedSyncsTest {

    private final List<Target> synced = new CopyOnWriteArrayList<>();

    @TempDir
    Path base;

    @Test
    void tellsOfEachSyncOfEntries() throws IOException {
        try (Journal journal = journal(true)) {
            assertThat(journal.entries()).isEmpty();
            journal.open();
            journal.append(List.of(Journals.stored("a")));
            journal.append(List.of(Journals.stored("b"), Journals.stored("c")));

            assertThat(synced).containsExactly(Target.JOURNAL, Target.JOURNAL);
            assertThat(journal.entries()).isEqualTo(OptionalLong.of(3));
        }
    }

    @Test
    void tellsOfNoneWhereNothingIsSynced() throws IOException {
        try (Journal journal = journal(false)) {
            journal.append(List.of(Journals.stored("a")));

            assertThat(synced).isEmpty();
        }
    }

    private Journal journal(final boolean durable) {
        return new Journal(base.resolve("journal"), durable, Clock.systemUTC(), System::nanoTime, (target, nanos) -> synced.add(target));
    }
}
