package org.dropzonebackup.core.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;

/** Files of a system that has no numbers for them, as Windows. */
class FileIdentityTest {

    @Test
    void filesAreToldByTimesAndSize() {
        assertThat(FileIdentity.of(new Numberless(1, 2, 3, false))).isEqualTo(FileIdentity.of(new Numberless(1, 2, 3, false)))
                .isNotEqualTo(FileIdentity.of(new Numberless(9, 2, 3, false)))
                .isNotEqualTo(FileIdentity.of(new Numberless(1, 9, 3, false)))
                .isNotEqualTo(FileIdentity.of(new Numberless(1, 2, 9, false)));
    }

    /** What is put into a directory changes it. */
    @Test
    void directoriesAreToldByWhenTheyWereMade() {
        assertThat(FileIdentity.of(new Numberless(1, 2, 3, true))).isEqualTo(FileIdentity.of(new Numberless(1, 9, 9, true)))
                .isNotEqualTo(FileIdentity.of(new Numberless(9, 2, 3, true)));
    }

    private record Numberless(long created, long modified, long size, boolean isDirectory) implements BasicFileAttributes {

        @Override
        public FileTime creationTime() {
            return FileTime.fromMillis(created);
        }

        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(modified);
        }

        @Override
        public FileTime lastAccessTime() {
            return FileTime.fromMillis(modified);
        }

        @Override
        public boolean isRegularFile() {
            return !isDirectory;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public Object fileKey() {
            return null;
        }
    }
}
