/**
 * Removes files that need not be kept any longer, by the time at which the server has entered them in its journal. What clients
 * say has no say: neither the times in the names of files, nor how many of them there are.
 *
 * <h2>What goes</h2>
 * A file of a user with a {@link org.dropzonebackup.core.policy.KeepRule}, if the newest entry of its path in the journal
 * <ul>
 * <li>tells of this file: of its size, and it was not changed since,
 * <li>says that it is that user's, which no anonymous file is,
 * <li>is older than {@code keepFor}, and
 * <li>is not among the newest {@code atLeast} of its series.
 * </ul>
 * A series is what was sent under one path. A file that was kept beside others belongs to the series of its submitted name; one that
 * was {@code found} after a crash, and has no such name, to the one that its own name tells. A client that sends the name of
 * a later file by itself begins a series of its own. All else stays: what the journal does not know, what was changed, and what is
 * damaged; it does not count among the newest either.
 *
 * <h2>How it goes</h2>
 * First its entry {@code removed} is made durable, then it is removed, if it still is that very file. If the process is killed in
 * between, the next one finds a file that should be gone, and removes it: the newest entry of its path is {@code removed}, and it
 * was not changed since a day before, as no file goes that is younger. What was uploaded since is younger, and has a newer entry.
 * If the file was replaced in between, the one that is there now is entered as {@code found}.
 *
 * <p>One process at a time does this, among all servers and the admin tool: it has the lock of {@code .dropzone/prune.lock}. Who
 * does not get it leaves it to the other. The files of one directory are listed at a time, and those of one series looked up.
 *
 * <h2>The clock</h2>
 * If the server's clock jumps forward, all files look old. So {@code .dropzone/clock} says when the clock was right last:
 * <pre>
 * trusted=2026-12-01T02:03:04.005Z    written each time that files may be removed, so once an hour
 * accepted=2026-11-01T02:03:04.005Z   when an administrator has said last that the clock is right; may be missing
 * </pre>
 * Nothing is removed while the clock is more than a day away from what it should say: that is the time when it was right last, or
 * if there is no such file, when the journal was written last; and later in the life of the process, the time at which it was
 * first found right plus what has passed since by the monotonic clock, so that many small jumps are not overlooked. Then an
 * administrator has to accept the clock. It is not believed by itself after a while: a wrong clock goes on as steadily as a
 * right one. A server that was off for more than a day, or a machine that slept as long, has to wait for that too.
 */
package org.dropzonebackup.core.retention;
