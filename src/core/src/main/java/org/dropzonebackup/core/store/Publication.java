package org.dropzonebackup.core.store;

import org.dropzonebackup.core.policy.FilePath;

/**
 * A staged file and the path under which it is to be visible.
 *
 * @param file synced; it stays the caller's to close
 * @param path where it is to be visible
 * @param replace whether it may replace a published file. Anything else that bears the name is never replaced, nor is a file of
 *        the same {@link Directory#publish}; nor any file where the store could not put it back
 */
public record Publication(StagedFile file, FilePath path, boolean replace) {
}
