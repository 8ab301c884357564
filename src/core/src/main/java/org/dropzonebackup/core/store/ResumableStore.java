package org.dropzonebackup.core.store;

import java.io.IOException;

/** A store whose uploads may come in pieces, over several requests. Safe for threads. */
public interface ResumableStore extends Store {

    @Override
    ResumableDirectory open(String directory) throws IOException;
}
