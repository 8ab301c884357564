/**
 * The journal of a drop box: what became of each file. It is only ever added to, and each entry bears the hash of the one
 * before, so that nobody alters, removes or inserts one without being found out by who knows a later hash.
 *
 * <h2>On disk</h2>
 * Several servers share a journal's directory. Each appends to a chain of its own: a subdirectory {@code 1}, {@code 2} and so on,
 * whose file {@code lock} it holds locked ({@code fcntl}). A server goes on with the first chain that nobody holds, and begins
 * the next one if there is none. Directories and files are for their owner alone.
 *
 * <p>A chain is a sequence of segments {@code 00000000000000000001.jsonl}, named by the number of their first entry. A new
 * one is begun when the last has reached 64 MiB. Each line, which ends with a line feed, is a JSON object (RFC 8259) in UTF-8
 * of less than a mebibyte with these fields, in this order and without white space between them:
 * <table>
 * <caption>Fields of an entry</caption>
 * <tr><td>{@code seq}<td>its number in the chain: 1, 2, 3 …, over all segments
 * <tr><td>{@code time}<td>when it was written, by the server's clock, which may have been changed: {@code 2026-12-01T02:03:04.005Z}
 * <tr><td>{@code event}<td>{@code stored}, {@code removed}, {@code found} (it was published when the server was killed) or
 * {@code damaged}, of a file; {@code late}, {@code down}, {@code recovered}, {@code space-low} or {@code login-blocked}; later
 * versions may know more
 * <tr><td>{@code user}<td>whose file it is, or whom the event is about; missing: anonymous, or nobody
 * <tr><td>{@code directory}<td>of the user, as the users file writes it; it and the next four: only of a file
 * <tr><td>{@code path}<td>of the file, below the directory
 * <tr><td>{@code size}<td>of the file in bytes
 * <tr><td>{@code sha256}<td>of its content, 64 digits of lower-case hexadecimal
 * <tr><td>{@code submittedName}<td>as the client sent it; may be missing
 * <tr><td>{@code address}<td>of the client; may be missing
 * <tr><td>{@code details}<td>what else is told: an object with texts as values; may be missing
 * <tr><td>{@code prev}<td>SHA-256 of the bytes of the line before, without its line feed, in lower-case hexadecimal; of the last
 * line of the segment before for the first one of a segment, and 64 zeros for the first one of the chain
 * </table>
 * Unknown fields are to be ignored. So this verifies a chain: in the order of the segments' names, {@code seq} counts from 1
 * without gaps, each segment is named by the {@code seq} of its first line, and each {@code prev} is the hash of the line
 * before. What a kill or a loss of power has left behind the last line feed of the last segment does not count; the next server
 * that takes the chain cuts it off. Any other damage is reported and left as it is, and the server begins another chain.
 *
 * <p>A file {@code FIRST.index} beside a segment tells where in it which file's entries are. It is made when the segment is
 * full, and again by whoever misses it. Nothing else depends on it. It is no key-value store, as it never changes: servers
 * share it, it needs no recovery, no thread and no cache, and is written once from one end to the other.
 *
 * <p>A file {@code head.jws} beside the segments is a JSON Web Signature (RFC 7515) of the claims {@code chain}, {@code seq},
 * {@code hash} and {@code time}: the chain had an entry of this number and this hash at that time. It is
 * there before the first entry, with the number 0. See {@code verify.SignedHeads}.
 *
 * <h2>Threads and locks</h2>
 * There are no threads. Who appends waits for one write and sync with all others who do, on the thread of one of them. That
 * thread first syncs the directories that the entries are about, each once, so that a request waits for one group and not for
 * two. The lock of the index is held by it to add lines, and to write the index of a full segment, once in about 200,000
 * entries. Who looks for a file may have to read what other servers have added, at most once in a second.
 */
package org.dropzonebackup.core.journal;
