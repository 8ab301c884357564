package org.dropzonebackup.web.upload;

import java.io.IOException;
import java.util.List;
import org.dropzonebackup.core.receive.Receipt;
import org.dropzonebackup.core.receive.UploadTransaction;
import org.dropzonebackup.core.refusal.RefusedException;

/** Whole files, which a {@link UploadTransaction} stores together or not at all. */
interface FileIntake extends BodyHandler {

    /** Where the files go. */
    UploadTransaction reception();

    @Override
    default long position() {
        return reception().position();
    }

    @Override
    default boolean readsBack() {
        return reception().readsBack();
    }

    @Override
    default boolean readBack() throws IOException {
        return reception().readBack();
    }

    @Override
    default boolean commitsSlowly() {
        return reception().commitsSlowly();
    }

    @Override
    default List<Receipt> commit() throws RefusedException, IOException {
        return reception().commit();
    }

    @Override
    default void close() throws IOException {
        reception().close();
    }
}
