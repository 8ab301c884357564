/**
 * Verification: whether a drop box still has what its journal says, and whether the journal is what was written. It runs beside
 * servers, as the admin tool does, or within one.
 *
 * <h2>What is compared</h2>
 * The chains are read from their beginnings, and each link is verified; what is behind a damage is verified as a chain of its
 * own. An entry that is the newest of its file is compared with the file: its size and its SHA-256. Then all directories are
 * listed: a file without an entry is told of. So nothing is kept in memory but the names of one directory, and files that were
 * wrong at the first look.
 *
 * <p>What a server is just at is not wrong: it publishes a file and enters it then, and enters a removal and removes the file
 * then. So what looks wrong is looked at again after a while, with its newest entry, and told of if nothing has changed.
 *
 * <h2>Checkpoints</h2>
 * A verification may take weeks. It says every few seconds how far it has come, and another one goes on from there: with the
 * next entry, and so with the next file. The directories are listed anew then, as that reads no file.
 *
 * <h2>Signed heads</h2>
 * A chain from whose end entries were cut off, or an older one in its place, is as good a chain as any. So servers sign where
 * their chains end ({@link org.dropzonebackup.core.verify.SignedHeads}), and a verification looks whether the chain still has
 * that entry.
 *
 * <h2>Scrubbing</h2>
 * A server that does so by itself ({@link org.dropzonebackup.core.verify.Scrub}) has one thread for it, which waits while uploads
 * are under way. Of several servers, the one does it that holds the lock of {@code .dropzone/scrub.lock}; how far it has come is in
 * {@code .dropzone/scrub.json}, so any of them goes on with it. Only what is certain is entered: an altered or a missing file, and
 * not one in a directory that cannot be read, as its file system may be lost.
 */
package org.dropzonebackup.core.verify;
