package org.dropzonebackup.web;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.dropzonebackup.core.config.Settings;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.receive.ReceiptSigner;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.verify.LastRead;
import org.dropzonebackup.core.verify.Scrub;
import org.dropzonebackup.core.verify.SignedHeads;

/**
 * What the server remembers of files, and proves by signatures.
 *
 * @param journal has what became of each file
 * @param keys sign
 * @param signer of receipts
 * @param heads of the journal's chains
 * @param scrub reads all stored files, if that is wanted
 */
record Proofs(Journal journal, SigningKeys keys, ReceiptSigner signer, SignedHeads heads, Optional<Scrub> scrub) implements Closeable {

    private static final System.Logger LOG = System.getLogger(Proofs.class.getName());

    /** If the journal cannot be opened, uploads are refused until it can. */
    static Proofs open(final Settings settings, final Clock clock, final SyncWatch watch) {
        final Path directory = settings.storage().uploadBaseDir().resolve(OwnDirectories.MEMORY);
        final Journal journal = new Journal(OwnDirectories.journal(settings.storage().uploadBaseDir()),
                settings.storage().fsync(), clock, System::nanoTime, watch);
        final SigningKeys keys = new SigningKeys(
                settings.signing().key().orElse(settings.storage().uploadBaseDir().resolve(SigningKeys.DEFAULT)), clock);
        final SignedHeads heads = new SignedHeads(journal, Optional.of(keys), clock);
        heads.signBeginning();
        try {
            journal.open();
        } catch (final IOException e) {
            LOG.log(Level.ERROR, "uploads are refused as long as the journal cannot be opened: {0}", FileFault.describe(e));
        }
        return new Proofs(journal, keys, new ReceiptSigner(keys, settings.signing().serverName().orElseGet(Proofs::machine)),
                heads,
                settings.scrubEvery().map(every -> new Scrub(journal, directory, every, clock, System::nanoTime)));
    }

    LastRead lastRead() {
        return scrub.<LastRead>map(each -> each).orElse(LastRead.NEVER);
    }

    /** Never throws, so that what calls it every so often goes on. */
    void signHeads() {
        try {
            heads.sign();
        } catch (final IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "nobody will see if the end of the journal is cut off, as it cannot be signed", e);
        }
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (final UnknownHostException e) {
            LOG.log(Level.WARNING, "this machine does not know its name: receipts name the server localhost, unless server-name is set", e);
            return "localhost";
        }
    }

    @Override
    public void close() {
        signHeads();
        try {
            journal.close();
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the journal cannot be closed", e);
        }
    }
}
