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
 * <p>On a file system without hard links (FAT, exFAT, some network mounts) new files are published by a rename, after a
 * look whether the name is free: requests to one server never replace each other's files, but a file that another
 * process creates in just that moment would be replaced. Existing files are never replaced there, whatever the settings
 * say, since they could not be put back.
 *
 * <p>Symbolic links are followed to find a user's directory, as administrators use them for that, and not any more once
 * it is open: whatever is put in its place while an upload is under way lets the upload fail.
 */
package org.dropzonebackup.core.store.local;
