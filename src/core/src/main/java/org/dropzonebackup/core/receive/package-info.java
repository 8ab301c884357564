/**
 * The use case of the drop box: an upload is admitted, staged, digested, made durable, published, and answered with a receipt.
 * Bytes are pushed into it, so that no thread waits for a slow client.
 *
 * <h2>The way of a buffer</h2>
 * <pre>
 * container            reads bytes into memory that is lent
 *     |
 * body (web)           finds the files in them
 *     |
 * IncomingFile.write   checks the limits, reserves space ---&gt; ContentDigests, at once or by another thread
 *     |                (Append.write for upload resources)
 * StagedFile.write     stores them behind those that came before (store)
 * </pre>
 *
 * <h2>The files of a request</h2>
 * <pre>
 * Receiver.open --&gt; UploadTransaction
 *     begin --&gt; IncomingFile       name, size, quota, space; is it stored already?
 *         write ..., finish        for each file
 *     commit --&gt; Receipts          digests, comparison with a stored file, sync, publication of all or none; their entries
 *                                  are in the journal before it is final
 *     close
 * </pre>
 *
 * <h2>Upload resources</h2>
 * <pre>
 * ResumableReceiver.create         a record in the store
 *     append --&gt; Append            in each request
 *         write ..., checkpoint    what is kept if the request breaks off
 *         complete --&gt; Completion  in the last one: readBack, commit --&gt; Receipts
 *         close
 * </pre>
 *
 * <h2>Who owns what</h2>
 * <ul>
 * <li>Memory belongs to whoever lends it. The store and the digests retain it, and each releases it once, whatever fails. The
 * lender bounds how much an upload has at a time, and that is the backpressure.
 * <li>A {@code SpaceReservation} belongs to the transaction, or to the append of an upload resource. Closing it gives back what
 * is not in use.
 * <li>A staged file belongs to its {@code IncomingFile}, and is closed with the transaction: what is not published is gone then.
 * <li>An upload resource belongs to one {@code Append} at a time, among all servers. Closing the append lets the next one have
 * it; a newer request may ask for that.
 * <li>What is published belongs to the user. Nothing here removes it.
 * </ul>
 *
 * <h2>Threads and locks</h2>
 * What belongs to a request is called by one thread at a time. {@code write}, {@code finish}, the questions, and closing a
 * transaction do not wait for the device; all else may, or for digests. Only digests of large pieces are taken beside. {@code
 * Receiver} and {@code ResumableReceiver} are shared by all requests. No lock is held while the store is called: the one of a
 * {@code SpaceLedger} guards arithmetic, and nothing is called under it.
 *
 * <h2>Words</h2>
 * <dl>
 * <dt>Announcement<dd>what the client says of a file before its bytes
 * <dt>Admission<dd>what can be decided before the bytes
 * <dt>Series<dd>files that were sent under one name, and kept: the first bears it, each later one the time too
 * <dt>Comparison<dd>whether a stored file is the one that is sent; it is answered with the receipt of that file then
 * <dt>Sparable<dd>said of bytes that need not be sent if they are stored already
 * <dt>Read back<dd>to read bytes that were stored: to compare them, to digest them, or to find the files in a body
 * <dt>Checkpoint<dd>to make bytes of an upload resource durable, and to record that they are
 * <dt>Strangers<dd>the senders of an anonymous box, who learn nothing of each other's files
 * </dl>
 */
package org.dropzonebackup.core.receive;
