package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.dropzonebackup.core.files.AtomicReplace;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.journal.Position;
import org.dropzonebackup.core.log.FaultLog;
import org.dropzonebackup.core.signing.SigningKeys;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The signed heads of a journal's chains: a file {@code head.jws} beside the segments of each, which tells that the chain had an
 * entry of some number and hash at some time. Who has not the key cannot cut a chain behind that, or put an older one in its place,
 * unless with an older head. Belongs to one thread.
 */
public final class SignedHeads {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(SignedHeads.class.getName()));
    /** A server that runs signs the head of a new chain within an hour. */
    private static final Duration UNSIGNED = Duration.ofDays(1);

    private final Journal journal;
    private final Optional<SigningKeys> keys;
    private final Clock clock;

    /** @param keys none if the server has none */
    public SignedHeads(final Journal journal, final Optional<SigningKeys> keys, final Clock clock) {
        this.journal = journal;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Signs where the chains end: that of this server, and those that no server holds. If a chain has not the entry that was
     * signed before, the file stays as it is, and the log says so.
     *
     * @throws IOException if the journal cannot be read or a file not be written; another call goes on
     */
    public void sign() throws IOException {
        for (final int chain : journal.chains()) {
            final Path file = journal.signedHead(chain);
            final Optional<String> problem = Files.exists(file) ? problem(chain) : Optional.empty();
            final Optional<Position> end = journal.end(chain);
            if (problem.isPresent()) {
                FAULTS.report(Level.ERROR, problem.get());
            } else if (end.isPresent()) {
                write(file, end.get());
            }
        }
    }

    private void write(final Path file, final Position end) throws IOException {
        final Optional<String> signed = keys.flatMap(each -> each.sign(new JSONObject().put("chain", end.chain())
                .put("seq", end.seq() - 1).put("hash", end.head()).put("time", clock.instant().toString())));
        if (signed.isPresent()) {
            final Path temporary = file.resolveSibling("head." + ProcessHandle.current().pid() + ".new");
            Files.deleteIfExists(temporary);
            AtomicReplace.replace(file, temporary, signed.get() + "\n", true);
        }
    }

    /**
     * What is wrong with the head of a chain, or with the chain by its head.
     *
     * @return a sentence; none if nothing is wrong, or nothing is signed yet
     */
    Optional<String> problem(final int chain) throws IOException {
        final Path file = journal.signedHead(chain);
        if (!Files.exists(file)) {
            final boolean old = journal.entry(chain, 1).filter(first -> first.time().isBefore(clock.instant().minus(UNSIGNED))).isPresent();
            return keys.isPresent() && old ? Optional.of(file + " is missing") : Optional.empty();
        }
        final Optional<JSONObject> claims = keys.flatMap(each -> verify(file, each));
        if (claims.isEmpty()) {
            return Optional.of(file + " is not signed by the key of this server");
        }
        try {
            final long seq = claims.get().getLong("seq");
            final String hash = claims.get().getString("hash");
            final Instant time = Instant.parse(claims.get().getString("time"));
            if (claims.get().getInt("chain") != chain) {
                return Optional.of(file + " is of another chain");
            }
            final Optional<Line> line = journal.entry(chain, seq);
            return line.filter(found -> found.hash().equals(hash)).isPresent() ? Optional.empty()
                    : Optional.of(file.getParent() + " is not the chain that was signed at " + time + ": entry " + seq
                            + (line.isEmpty() ? " is missing" : " is another one"));
        } catch (final JSONException noHead) {
            return Optional.of(file + " is something else that this server has signed");
        }
    }

    private static Optional<JSONObject> verify(final Path file, final SigningKeys keys) {
        try {
            return keys.verify(Files.readString(file).strip());
        } catch (final IOException e) {
            FAULTS.report(Level.ERROR, "a signed head cannot be read", e);
            return Optional.empty();
        }
    }
}
