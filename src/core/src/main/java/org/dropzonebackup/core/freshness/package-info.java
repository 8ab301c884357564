/**
 * Tells of backups that do not come. The model is that of a dead man's switch with a period and a grace: after each file the next
 * one is expected within {@code expect-every}, is late from then on, and down when {@code expect-grace} is over too.
 *
 * <p>What is known is read from the journal, by position, whichever server wrote it: the last file of each user, and what was told
 * before. So a restart forgets nothing, and tells nothing twice. The file {@code freshness.json} in the server's own directory
 * remembers how far the journal was read, and when somebody looked last: after a pause, in which clients could not send, or if the
 * clock is set forward, each has its grace before it is late. A file counts if it has {@code expect-min-size} when its entry is
 * read; a change of that counts for later files.
 */
package org.dropzonebackup.core.freshness;
