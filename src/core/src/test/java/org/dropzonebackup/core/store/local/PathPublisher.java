package org.dropzonebackup.core.store.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.NameTakenException;
import org.dropzonebackup.core.store.Publication;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.StagedFile;
import org.dropzonebackup.core.threads.Action;

/** Another server, as a process: publishes files in directories, ten in each, and says of each whether its path was free. */
final class PathPublisher {

    private static final FileName.Rules NAMES = new FileName.Rules(".~tmp", false);

    private PathPublisher() {
    }

    /** The path of a file. */
    static FilePath path(final int number) throws Exception {
        return new FilePath(List.of(NAMES.name("a" + number / 100), NAMES.name("b" + number / 10), NAMES.name("c" + number)));
    }

    /**
     * @param arguments base directory, directory, how many files, their content
     */
    public static void main(final String... arguments) throws Exception {
        final Directory directory = new LocalStore(Path.of(arguments[0]), ".~tmp", false, false, Runnable::run).open(arguments[1]);
        System.out.println("ready");
        if (System.in.read() < 0) {
            throw new IllegalStateException("nobody said that it is to begin");
        }
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            try (StagedFile file = directory.stage()) {
                file.write(ByteBuffer.wrap(arguments[3].getBytes(StandardCharsets.UTF_8)), Retainable.NEVER);
                file.sync();
                directory.publish(List.of(new Publication(file, path(i), false)), Action::run);
                System.out.println("stored " + path(i));
            } catch (final NameTakenException e) {
                System.out.println("taken " + e.taken());
            }
        }
    }
}
