/**
 * The contract of a store: where files are staged, published and described, whatever keeps the bytes. {@link
 * org.dropzonebackup.core.store.local} is one on a file system. The contract is written so that an object store can keep it
 * too; each promise says how. {@code StoreContract}, a test, defines it: every store passes it.
 *
 * <h2>From bytes to a file</h2>
 * A {@link org.dropzonebackup.core.store.Store} opens the {@link org.dropzonebackup.core.store.Directory} of a user. It stages a
 * {@link org.dropzonebackup.core.store.StagedFile}, which takes bytes without waiting for the device, or keeps an
 * {@link org.dropzonebackup.core.store.PendingUpload}, whose bytes come over several requests. A
 * {@link org.dropzonebackup.core.store.Publication} says under which name a staged file is to be visible, and
 * {@link org.dropzonebackup.core.store.Directory#publish} makes all those of one request visible, or none.
 *
 * <h2>Logical and stored bytes</h2>
 * Offsets, sizes and digests are those of the content as the client sent it. How many bytes a store keeps for them, and in what
 * form, is its own affair: only {@link org.dropzonebackup.core.store.Directory#usage} and
 * {@link org.dropzonebackup.core.store.Directory.Capacity} count stored ones.
 *
 * <h2>Threads</h2>
 * {@link org.dropzonebackup.core.store.StagedFile#write} never waits for the device; all else may, and is called where threads
 * may wait. A store bounds nothing that it is given to write: whoever lends memory bounds how much is lent
 * ({@link org.dropzonebackup.core.store.Retainable}), and that is the backpressure.
 */
package org.dropzonebackup.core.store;
