package org.dropzonebackup.core.receive;

import java.util.OptionalLong;

/**
 * Where the uploads of one request go.
 *
 * @param directory as the users file or the settings write it
 * @param quota the most bytes that the directory's files may have together, if there is such a limit
 */
public record DropBox(String directory, OptionalLong quota) {
}
