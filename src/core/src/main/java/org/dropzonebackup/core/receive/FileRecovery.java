package org.dropzonebackup.core.receive;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.StoredFile;

/** Enters files in the journal that a crash has kept out of it. Reads them, once. Safe for threads. */
public final class FileRecovery implements Store.Recovery {

    private final Receiver receiver;
    private final Function<String, Optional<String>> users;

    /**
     * @param users the user whose directory one is; none if that is nobody's, or more than one's
     */
    public FileRecovery(final Receiver receiver, final Function<String, Optional<String>> users) {
        this.receiver = receiver;
        this.users = users;
    }

    @Override
    public void found(final String directory, final String path, final StoredFile file) throws IOException {
        final Optional<String> sha256 = file.sha256();
        if (sha256.isPresent()) {
            receiver.history().found(box(directory), new Receipt(path, Optional.empty(), file.size(), sha256.get(),
                    file.storedAt().truncatedTo(ChronoUnit.MILLIS)));
        }
    }

    private DropBox box(final String directory) {
        return new DropBox(directory, OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty(),
                users.apply(directory), Optional.empty());
    }
}
