/**
 * A store on a local or mounted file system.
 *
 * <h2>On disk</h2>
 * A staging file lies in the directory of its user and is named {@code .RANDOM.SUFFIX}: 128 random bits and the suffix of
 * staging files ({@code .~tmp}). The files of a request are published in these steps:
 * <ol>
 * <li>Each gets its name: see below for those in directories. The others get it by a hard link that refuses to replace. Where it
 * may replace a file, that file first gets a second name {@code .RANDOM.SECONDS.replaced.SUFFIX}, then a second link to the
 * staging file is renamed over it.
 * <li>The directories with the new names are synced, and all those above them up to the user's: another server may have made
 * them and not synced them yet.
 * <li>They are recorded: the caller enters them in the journal.
 * <li>The staging names and those of replaced files are removed.
 * </ol>
 * If a step before the last one fails, the new names are removed in reverse order, and what they replaced is renamed back. What
 * somebody else has put under a name meanwhile stays. Directories that were missing are removed as long as they are empty. The
 * staging files are as before, so they can be published under other names. After a crash, whatever bears the suffix is left over.
 *
 * <p>A staging file with a second link after a crash thus tells that the file under the other name, in the user's directory or
 * below, may not have been recorded. Recovery names all such files, and the caller leaves out those that the journal has. Then the
 * staging names are swept when they are old. Without hard links there is no such trace: a file that a crash has kept out of the
 * journal is entered when it is sent again.
 *
 * <p>What the server itself remembers lies in {@code .dropzone} of the base directory: the journal, the signing key, and how far
 * long tasks have come. It counts for no user, even if the base directory is that of one.
 *
 * <p>An upload resource is two files beside each other: {@code .ID.upload.SUFFIX} with its bytes and {@code .ID.state.SUFFIX}
 * with its record, {@code ID} being 32 hexadecimal digits. The record is a properties file in UTF-8 whose last line is
 * {@code #end}:
 * <pre>
 * generation=7          how often it was replaced; missing in those of old
 * offset=1048576        bytes that are on stable storage
 * length=2097152        bytes in all; missing as long as nobody knows
 * finished=false        true: it is complete once the file with the bytes is gone
 * fact.owner=alice      and more that the use case has written: see {@code receive.UploadInfo}
 * #end
 * </pre>
 * It is replaced by a synced temporary file and a rename, after the bytes that it tells of were synced. Before its last line
 * stands a comment that fills it up to whole blocks of 4096 bytes.
 *
 * <p>Where several servers share a file system, one of them may see an old record for a while, or too few bytes. So nothing
 * is cut off on a record's word: what lies beyond {@code offset} is written over, and cut off when all bytes have come. Where
 * the record tells of more bytes than there are, these are what there is. And a record is replaced only after another look
 * at it, by one who holds the lock: if its generation is newer than the one that the request began with, it stays, and the
 * client is told to come again. Its publication:
 * <ol>
 * <li>The bytes are synced, then the record says {@code finished=true} and has the receipt.
 * <li>{@code .ID.upload.SUFFIX} is published as a staging file is, so it is removed in the last step. The record stays, for
 * whoever lost the answer, until it is swept.
 * </ol>
 * After a crash before that removal, the upload is still to be completed; a name that means its file already is its own. A
 * record without bytes that is not {@code finished}, bytes without a record, and a record without its last line (which happens
 * only where nothing is synced) are no upload resource, and swept when they are old.
 *
 * <p>On a file system without hard links (FAT, exFAT, some network mounts) new files are published by a rename, after a
 * look whether the name is free: requests to one server never replace each other's files, but a file that another
 * process creates in just that moment would be replaced. Existing files are never replaced there, whatever the settings
 * say, since they could not be put back. Directories are made visible before the file is renamed into them, as an upload resource
 * whose record says that it is finished must not lie in a staged directory when a crash comes: so a crash may leave empty ones.
 *
 * <p>A published file that is removed is renamed to a staging name first. If it turns out that another server has replaced it just
 * then, it is renamed back; else the staging name goes, and then the directories that are empty.
 *
 * <p>Symbolic links are followed to find a user's directory, as administrators use them for that, and not any more once
 * it is open: whatever is put in its place while an upload is under way lets the upload fail.
 *
 * <h2>Directories below that of a user</h2>
 * Whoever may write into a user's directory may put a link, a pipe or another directory in the place of each one below, at any
 * moment. So those of a path are opened one in the other ({@code openat}; Java: {@code SecureDirectoryStream}), each is compared
 * by its number with what bore the name, and all is done in the open ones ({@code fstatat}, {@code renameat}, {@code unlinkat},
 * {@code fsync}). There is no {@code linkat} and no {@code mkdirat}, so everything new is made in the user's directory under
 * staging names, and renamed from there:
 * <ol>
 * <li>If directories are missing, the innermost one is made, with the permissions {@code rwxr-x---}, a second link to the staging
 * file is put into it under its own name, and it is synced; then it is put into the next one, and so on. One rename of the
 * outermost makes all visible, with the file. It needs no lock: what is renamed is not empty, and a directory replaces nothing but
 * an empty one. If others were faster, it starts over.
 * <li>If none is missing, a second link to the staging file is renamed. That would replace another file; so it is done only after
 * a look, and while holding the lock of directories. A file that may be replaced gets its second name first. As Java makes that
 * link by the path, it is compared with what was seen, and removed if it is of another file.
 * <li>Files are withdrawn or removed, and directories too, while holding that lock.
 * </ol>
 * So a crash leaves no empty directory, but what bears a staging name and is swept, with all that is in it. Files are found, read
 * to be compared and counted in open directories too. Windows opens no directories; there the path is used each time.
 *
 * <h2>Locks</h2>
 * In this order; none is held while anybody else's code is called.
 * <ol>
 * <li>The lock of an upload resource, among all servers: a lock of {@code .ID.upload.SUFFIX} ({@code fcntl}, so that it also
 * holds between servers on NFS). Its holder has the only descriptors of that file in this process, all closed together, as the
 * lock goes with the first of them. Looking at an upload resource and counting it open nothing but the record. Nobody waits for
 * it: whoever finds it taken is told so.
 * <li>The replace lock of a user's directory, within this process: held by a publication that replaces files, or renames them
 * for lack of hard links, and by the removal of a file, so that nobody replaces or removes what may still be undone. One thread
 * takes it and gives it back within one call of {@code publish} or {@code remove}, takes no second one, and waits meanwhile for
 * nothing but the device and the sync below. So it cannot be part of a circle, and needs no bound.
 * <li>The lock of directories of a user's directory, among all servers: in this process a lock, and with it one of the file
 * {@code .directories.SUFFIX} ({@code fcntl}). Its holder looks, makes some links and renames, and does not wait for the device.
 * The file is made by whoever needs it and removed before the lock is given back; so whoever gets the lock looks whether what he
 * has locked still bears the name. Who waits for another server gives up after 30 seconds, and the client is told to come again.
 * <li>The group commit of a user's directory ({@link org.dropzonebackup.core.threads.GroupCommit}): one thread syncs for all who
 * wait. It takes no lock. Whoever publishes leaves it to the {@linkplain org.dropzonebackup.core.store.Directory.Recording
 * recording}, which has a group commit of its own for all directories of the base directory's device.
 * </ol>
 *
 * <h2>Threads</h2>
 * The bytes of a file are written by the store's transfers, one task after the other, and long files are brought to the device
 * by the threads for write-back. These wait for the device and for nothing else. Whoever calls {@code sync}, {@code publish} or
 * {@code close} of an upload resource waits for them, so those calls belong on other threads.
 */
package org.dropzonebackup.core.store.local;
