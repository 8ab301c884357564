package org.dropzonebackup.core.store.local;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.dropzonebackup.core.store.PendingUpload;
import org.dropzonebackup.core.store.UploadId;

/** Another server, as a process: has an upload resource open until its standard input ends, or it is killed. */
final class UploadHolder {

    private UploadHolder() {
    }

    /**
     * @param arguments base directory, directory, id
     */
    public static void main(final String... arguments) throws Exception {
        final LocalStore store = new LocalStore(Path.of(arguments[0]), ".~tmp", false, true, Runnable::run);
        try (PendingUpload upload =
                store.open(arguments[1]).resume(UploadId.parse(arguments[2]).orElseThrow(), OptionalLong.empty()).orElseThrow()) {
            System.out.println("open at " + upload.state().offset());
            while (System.in.read() >= 0) {
                // Until it is closed
            }
        }
    }
}
