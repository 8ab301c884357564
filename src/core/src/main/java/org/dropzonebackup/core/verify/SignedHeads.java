package org.dropzonebackup.core.verify;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * entry of some number and hash at some time. A server signs one, of number 0, before the first entry of a chain. Who has not the
 * key cannot cut a chain behind what was signed, or put an older one in its place, unless with an older head. Belongs to one
 * thread.
 */
public final class SignedHeads {

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(SignedHeads.class.getName()));
    private final Journal journal;
    private final Optional<SigningKeys> keys;
    private final Clock clock;

    /** @param keys none if the server has none */
    public SignedHeads(final Journal journal, final Optional<SigningKeys> keys, final Clock clock) {
        this.journal = journal;
        this.keys = keys;
        this.clock = clock;
    }

    /** Signs the beginning of the chain that this process is going to begin, if any. To be called before the journal is opened. */
    public void signBeginning() {
        journal.whenBegun(start -> {
            try {
                write(start);
            } catch (final IOException e) {
                FAULTS.report(Level.ERROR, "the beginning of the journal cannot be signed", e);
            }
        });
    }

    /**
     * Signs where the chains end: that of this server, and those that no server holds. If a chain has not the entry that was
     * signed before, or has entries and nothing was signed, the file stays as it is, and the log says so.
     *
     * @throws IOException if the journal cannot be read or a file not be written; another call goes on
     */
    public void sign() throws IOException {
        for (final int chain : journal.chains()) {
            final Optional<String> problem = problem(chain);
            final Optional<Position> end = journal.end(chain);
            if (problem.isPresent()) {
                FAULTS.report(Level.ERROR, problem.get());
            } else if (end.isPresent()) {
                write(end.get());
            }
        }
    }

    /**
     * Signs where all chains end now, whatever was signed before.
     *
     * @return the numbers of those that could not be signed: another server holds them, or they do not end with an entry
     * @throws IOException if the journal cannot be read or a file not be written; another call goes on
     */
    public List<Integer> accept() throws IOException {
        final List<Integer> unsigned = new ArrayList<>();
        for (final int chain : journal.chains()) {
            final Optional<Position> end = journal.end(chain);
            if (end.isPresent()) {
                write(end.get());
            } else {
                unsigned.add(chain);
            }
        }
        return unsigned;
    }

    private void write(final Position end) throws IOException {
        final Path file = journal.signedHead(end.chain());
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
     * @return a sentence; none if nothing is wrong
     */
    Optional<String> problem(final int chain) throws IOException {
        final Path file = journal.signedHead(chain);
        if (!Files.exists(file)) {
            return keys.isPresent() && journal.hasEntries(chain)
                    ? Optional.of(file + " is missing: entries may be missing too") : Optional.empty();
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
            return seq == 0 || line.filter(found -> found.hash().equals(hash)).isPresent() ? Optional.empty()
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
