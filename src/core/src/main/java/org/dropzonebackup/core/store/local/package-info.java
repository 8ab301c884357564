/**
 * A store on a local (or mounted) file system.
 *
 * <h2>On disk</h2>
 * A staging file lies in its destination's own directory and is named {@code .RANDOM.SUFFIX}: 128 random bits and the
 * suffix of staging files ({@code .~tmp}). It is published by a hard link that refuses to replace and the removal of
 * the staging name. A file that is to be replaced is linked to a second staging name first and then renamed over, so
 * that it can be put back until the upload is confirmed; one request at a time does so in a directory. After a crash,
 * whatever bears the suffix is left over.
 *
 * <p>An upload resource is two files beside each other: {@code .ID.upload.SUFFIX} with its bytes and
 * {@code .ID.state.SUFFIX} with its record, {@code ID} being 32 hexadecimal digits. The record is a properties file in
 * UTF-8 whose last line is {@code #end}:
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
 * <li>The file is linked to its name, as a staging file is, and the directory synced.
 * <li>{@code .ID.upload.SUFFIX} is removed. The record stays, for whoever lost the answer, until it is swept.
 * </ol>
 * After a crash before the last step, the upload is still to be completed; a name that means its file already is its own.
 * A record without bytes that is not {@code finished}, bytes without a record, and a record without its last line (which
 * happens only where nothing is synced) are no upload resource, and swept when they are old.
 *
 * <p>Whoever changes an upload resource holds a lock of {@code .ID.upload.SUFFIX} ({@code fcntl}, so that it also holds
 * between servers on NFS) and has its only descriptors in this process, all closed together, as the lock goes with the
 * first of them. Looking at it and counting it open nothing but the record.
 *
 * <p>On a file system without hard links (FAT, exFAT, some network mounts) new files are published by a rename, after a
 * look whether the name is free: requests to one server never replace each other's files, but a file that another
 * process creates in just that moment would be replaced. Existing files are never replaced there, whatever the settings
 * say, since they could not be put back.
 *
 * <p>Symbolic links are followed to find a user's directory, as administrators use them for that, and not any more once
 * it is open: whatever is put in its place while an upload is under way lets the upload fail.
 */
package org.dropzonebackup.core.store.local;
