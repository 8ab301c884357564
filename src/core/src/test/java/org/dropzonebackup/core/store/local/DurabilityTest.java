package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.core.files.SyncWatch.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {

    private final List<Target> synced = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no directory is synced there")
    void tellsOfEachSync() throws IOException {
        syncAll(new Durability(true, this::watch));

        assertThat(synced).containsExactly(Target.FILE, Target.DIRECTORY, Target.DIRECTORY, Target.DIRECTORY);
    }

    @Test
    void tellsOfNoneWhereNothingIsSynced() throws IOException {
        syncAll(new Durability(false, this::watch));

        assertThat(synced).isEmpty();
    }

    private void watch(final Target target, final long nanos) {
        assertThat(nanos).isNotNegative();
        synced.add(target);
    }

    private void syncAll(final Durability durability) throws IOException {
        try (FileChannel file = FileChannel.open(directory.resolve("a"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OpenDirectory open = OpenDirectory.of(directory)) {
            durability.sync(file);
            durability.syncAlone(directory);
            durability.syncTogether(directory);
            open.sync(durability);
        }
    }
}
