package org.dropzonebackup.core.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {

    @TempDir
    private Path directory;

    @Test
    void namesTheMissingFileOrDirectory() {
        assertThat(FileFault.describe(new NoSuchFileException(directory.resolve("a").toString())))
                .isEqualTo("there is no " + directory.resolve("a"));
        assertThat(FileFault.describe(new NoSuchFileException(directory.resolve("a/b").toString())))
                .isEqualTo("there is no directory " + directory.resolve("a"));
    }

    @Test
    void namesTheOwnerOfAnInaccessibleFile() throws IOException {
        final Path file = Files.createFile(directory.resolve("a"));
        final String owner = Files.getOwner(file).getName();

        assertThat(FileFault.describe(new AccessDeniedException(file.toString()))).contains(
                "user " + System.getProperty("user.name") + " has no access to " + file + ", which belongs to user " + owner);
        assertThat(FileFault.describe(new AccessDeniedException(file + ".lock"))).contains("has no access to " + directory + ",");
    }

    @Test
    void neverNamesAJavaClass() {
        final String file = directory.toString();
        for (final IOException fault : List.of(new NoSuchFileException(file), new AccessDeniedException(file),
                new FileAlreadyExistsException(file), new NotDirectoryException(file), new DirectoryNotEmptyException(file),
                new FileSystemException(file), new FileSystemException(file, null, "Read-only file system"),
                new FileSystemException(null), new ClosedChannelException(), new IOException("Is a directory"))) {
            assertThat(FileFault.describe(fault)).isNotBlank().doesNotContain("Exception", "null");
        }
    }
}
