/**
 * The way of an upload from the socket to the receipt: whole files are taken and answered here, and {@code pieces} takes the
 * pieces of resumable uploads the same way.
 *
 * <h2>The way of a buffer</h2>
 *
 * <pre>
 *   container      ServletInputStream fills a buffer that is lent by Buffers        (Body, on the thread that reads)
 *      |           BodyReader.read
 *   body handler   RawBody, MultipartBody or Piece finds the bytes of a file in it  (BodyHandler.accept)
 *      |           IncomingFile.write; of a piece, Append.write
 *   incoming file  counts, limits and digests them                                  (core.receive)
 *      |           StagedFile.write
 *   staged file    stores them; may retain the buffer until they are stored         (core.store)
 * </pre>
 *
 * <p>A buffer has one owner, who closes it; whoever needs its bytes for longer retains it and releases it once. It comes back
 * when nobody holds it any more. An upload lends at most four: when all are out it stops reading, without a thread that waits,
 * and goes on when one comes back ({@link org.dropzonebackup.web.upload.LentBuffers}).
 *
 * <h2>Who owns an upload</h2>
 *
 * <p>An {@link org.dropzonebackup.web.upload.Upload} belongs to its serial executor: all events go through it, one after the
 * other. While the upload waits for a {@link org.dropzonebackup.web.upload.Suspension}, its handler belongs to that work, and
 * events are remembered. The table of {@code Upload} says what each event does in each state.
 *
 * <h2>Threads</h2>
 *
 * <table>
 * <caption>What each kind of thread may do</caption>
 * <tr><th>threads</th><th>do</th><th>never</th></tr>
 * <tr><td>the container's</td><td>judge headers; bring events; move the bytes of small uploads, and on Tomcat those of large
 *     ones</td>
 *     <td>sync, read files, hash passwords</td></tr>
 * <tr><td>transfers</td><td>move the bytes of large uploads in turns of a few MiB: read, digest and write them; on Tomcat
 *     only after a suspension, since Tomcat ends requests on threads of its own</td><td>sync, read files</td></tr>
 * <tr><td>admission</td><td>look at names, count a directory, open a file</td><td>sync, read files</td></tr>
 * <tr><td>commits</td><td>sync and publish; answer what they stored; checkpoint; end pieces</td><td>move bytes of large uploads,
 *     read whole files</td></tr>
 * <tr><td>read-back</td><td>read stored files, in turns of bounded length</td><td>write</td></tr>
 * <tr><td>hashing</td><td>hash passwords</td><td>wait for a device</td></tr>
 * <tr><td>write-back</td><td>has the system write out what is staged</td><td>touch a request</td></tr>
 * <tr><td>timer</td><td>looks which clients are too slow, tells others that a time is over</td><td>wait for anything</td></tr>
 * <tr><td>sweeping</td><td>removes leftovers</td><td>touch a request</td></tr>
 * <tr><td>watching</td><td>looks at the free space, and whose backups have not come; enters alarms</td><td>touch a request</td></tr>
 * <tr><td>events-N</td><td>delivers events to one receiver</td><td>touch a request</td></tr>
 * <tr><td>endings</td><td>give uploads up, because of the time or of a stop</td><td>wait for each other</td></tr>
 * </table>
 *
 * <p>Any executor may refuse a task or have no thread for it: {@code Suspension.on} hands what it throws to the upload, which
 * answers; a turn that cannot begin is run by whoever brought it, and answers too.
 *
 * <h2>Locks</h2>
 *
 * <p>Each guards a few fields, and is held across no callback, no reading or writing, and no other lock: those of the serial
 * executor (its queue), of {@code MinimumRate} and of {@code LentBuffers}. A buffer that comes back runs no upload on the thread
 * that releases it, unless the upload is small; it only adds a task. So nobody who holds a lock of the store or of a container
 * is made to wait for an upload.
 *
 * <p>What metrics want to know is told by the threads that do it, and never waits ({@link org.dropzonebackup.web.upload.UploadMeter}).
 */
package org.dropzonebackup.web.upload;
