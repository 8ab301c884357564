package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server that can be measured: how it is started, and how it is sent a file.
 *
 * @param name as the table has it
 * @param needs programs that have to be installed
 * @param launch starts it
 * @param request options of the load program; {@code SIZE} in them stands for the size of the file
 */
record Contender(String name, List<String> needs, Launch launch, List<String> request) {

    /** Starts a server. */
    interface Launch {

        /**
         * @param directory for all that it writes; is there
         * @param box where the files are to arrive; is there, and empty
         */
        Running start(Path directory, Path box) throws IOException;
    }

    boolean isThere() {
        return needs.stream().allMatch(Programs::isThere);
    }

    /** The same server, sent files in another way. */
    Contender sent(final String as, final List<String> options) {
        return new Contender(as, needs, launch, options);
    }
}
