/**
 * Tells others what happens: HTTP receivers, and a program of the administrator's.
 *
 * <p>The journal is the outbox. Each destination has a position in this server's chain, in a file {@code events-CHAIN-ID.json} of the
 * server's own directory, and is told of all entries behind it, in their order. So nothing is lost by a restart, an upload waits for
 * no receiver, and an event may be delivered twice, with the same {@code webhook-id}. A destination that is new begins at the end
 * of the chain. A chain whose server is gone goes on when another server takes it. A receiver that fails is tried again after 5 s,
 * then after twice the time, up to an hour. When it has failed for three days, events that are older are given up.
 *
 * <p>An event is a JSON object with {@code type}, {@code timestamp} (when it was entered) and {@code data}:
 * <table>
 * <caption>Data by type</caption>
 * <tr><td>{@code file.stored}<td>{@code user} (missing: anonymous), {@code path}, {@code size}, {@code sha256}, {@code submittedName} and
 * {@code address} if they are known; {@code found} is true if a file was there that the journal did not tell of, as after a kill
 * <tr><td>{@code file.removed}, {@code file.damaged}<td>the same, of what was removed by its age, or is not as it was stored
 * <tr><td>{@code backup.late}, {@code backup.down}<td>{@code user}, {@code lastStored}, {@code lastPath}, {@code expectedBy}
 * <tr><td>{@code backup.recovered}<td>{@code user}, {@code lastStored}, {@code lastPath}
 * <tr><td>{@code space.low}<td>{@code freeBytes}, {@code reserveBytes}: less than twice the reserve is free; again only after there was
 * three times as much
 * <tr><td>{@code login.blocked}<td>{@code address} of the last guess, {@code user} if it was a user's name that was locked out
 * </table>
 *
 * <p><b>Threads.</b> Each destination has one, which does nothing else; the HTTP client has some of its own. Without a destination
 * there is none, and no class of this package but the types' is loaded.
 */
package org.dropzonebackup.core.events;
