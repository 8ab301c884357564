package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.dropzonebackup.core.store.Gate;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoreContract;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreContractTest extends StoreContract {

    private static final String SUFFIX = ".~tmp";

    @TempDir
    private Path base;

    @Override
    protected Store newStore(final Gate threads) throws IOException {
        Files.createDirectories(base.resolve("alice"));
        Files.createDirectories(base.resolve("bob"));
        return new LocalStore(base, SUFFIX, false, true, threads);
    }

    @Override
    protected StagedFile failing() throws IOException {
        final Path other = Files.createFile(base.resolve("read only"));
        final Staging staging = new Staging(new StagingNames(SUFFIX), new Durability(true),
                PosixFilePermissions.fromString("rw-r-----"), threads, threads);
        return new LocalStagedFile(base.resolve("alice").resolve(".missing" + SUFFIX), staging,
                FileChannel.open(other, StandardOpenOption.READ), 0);
    }

    @Override
    protected long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("alice"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.endsWith(".state" + SUFFIX)).count();
        }
    }
}
