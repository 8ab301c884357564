/**
 * A store on a local (or mounted) file system.
 *
 * <h2>On disk</h2>
 * A staging file lies in its destination's own directory and is named {@code .RANDOM.SUFFIX}: 128 random bits and the
 * suffix of staging files ({@code .~tmp}). It is published by a hard link that refuses to replace and the removal of
 * the staging name. A file that is to be replaced is linked to a second staging name first and then renamed over, so
 * that it can be put back until the upload is confirmed. After a crash, whatever bears the suffix is left over.
 */
package org.dropzonebackup.core.store.local;
