package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalVolumeTest {

    @TempDir
    private Path directory;

    @Test
    void isOneForAllDirectoriesOfAFileSystem() throws IOException {
        final LocalVolume above = LocalVolume.of(directory);
        final LocalVolume below = LocalVolume.of(Files.createDirectory(directory.resolve("below")));

        assertThat(below).isEqualTo(above).hasSameHashCodeAs(above);
        assertThat(below.usable()).isPositive();
    }

    @Test
    void takesADirectoryThatIsGoneForNoLackOfSpace() throws IOException {
        final Path gone = Files.createDirectory(directory.resolve("gone"));
        final LocalVolume volume = LocalVolume.of(gone);
        Files.delete(gone);

        assertThatThrownBy(volume::usable).isInstanceOf(NoSuchFileException.class);
    }
}
