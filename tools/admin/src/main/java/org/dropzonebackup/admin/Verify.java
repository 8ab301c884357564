package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersFile;
import org.dropzonebackup.core.verify.Checkpoint;
import org.dropzonebackup.core.verify.Finding;
import org.dropzonebackup.core.verify.Listener;
import org.dropzonebackup.core.verify.Pace;
import org.dropzonebackup.core.verify.SignedHeads;
import org.dropzonebackup.core.verify.Verification;
import org.json.JSONObject;

/**
 * Verifies the journal and the stored files while servers run, and prints a line for each thing that is wrong. Every few seconds
 * it writes into a file how far it has come.
 */
final class Verify {

    private final AdminSettings settings;
    private final CommandLine line;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    Verify(final AdminSettings settings, final CommandLine line, final Clock clock, final LongSupplier nanoTime) {
        this.settings = settings;
        this.line = line;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void run() throws AdminException, IOException {
        final ServerFiles server = ServerFiles.of(settings, Command.VERIFY);
        final Path base = server.base();
        final Path journal = server.journal();
        final Optional<User> user = user();
        final Path state = server.memory().resolve("verify" + user.map(each -> "-" + each.name()).orElse("") + ".json");
        final Pace pace = line.hasOption("max-rate") ? Pace.ofRate(Command.value(line, "max-rate", Verify::parseRate), nanoTime)
                : Pace.UNLIMITED;
        final LocalStore store = new LocalStore(base, settings.tmpSuffix(), false, true, Runnable::run);
        final Predicate<String> chosen = user.<Predicate<String>>map(each -> each.directory()::equals).orElse(any -> true);
        final List<String> directories = List.copyOf(settings.directories());
        final Journal reading = Journal.readOnly(journal, nanoTime);
        final Optional<SigningKeys> keys =
                Optional.of(settings.signingKey()).filter(Files::exists).map(file -> new SigningKeys(file, clock));
        final SignedHeads heads = new SignedHeads(reading, keys, clock);
        if (line.hasOption("accept-journal")) {
            acceptJournal(server, heads);
        }
        final Checkpoint end;
        try (VerifyProgress progress = VerifyProgress.of(store, directories.stream().filter(chosen).toList(), nanoTime)) {
            final Verification verification = new Verification(
                    new Verification.Box(store, reading, heads, base, directories, OwnDirectories.ALL),
                    new Verification.Terms(pace, chosen, Verification.Terms.SETTLING), new Printer(state, progress), nanoTime);
            end = verification.run(begin(state), clock);
            Files.deleteIfExists(state);
        } catch (final IOException e) {
            throw AdminException.refused("The verification cannot go on: " + FileFault.describe(e));
        } catch (final InterruptedException e) {
            throw AdminException.refused("The verification was interrupted");
        }
        final String wrong = end.wrong() == 1 ? "1 thing is wrong" : end.wrong() + " things are wrong";
        out.println(line.hasOption("json")
                ? new JSONObject().put("files", end.files()).put("bytes", end.bytes()).put("wrong", end.wrong()).toString()
                : end.files() + " files with " + end.bytes() + " bytes were read, " + wrong);
        if (end.wrong() > 0) {
            throw AdminException.refused(wrong);
        }
    }

    private void acceptJournal(final ServerFiles server, final SignedHeads heads) throws AdminException, IOException {
        server.refuseOtherUser();
        if (!Files.exists(settings.signingKey())) {
            throw AdminException.refused("There is no key to sign the journal with: " + settings.signingKey());
        }
        final List<Integer> unsigned = heads.accept();
        if (!unsigned.isEmpty()) {
            throw AdminException.refused("The journal's chains " + unsigned + " are not signed: a server uses them, which must be"
                    + " stopped first, or they do not end with an entry");
        }
    }

    private Optional<User> user() throws AdminException, IOException {
        final String name = Command.userName(line);
        if (name == null) {
            return Optional.empty();
        }
        final Optional<User> user = UserName.parse(name).map(UsersFile.read(settings.usersFile()).users()::get);
        return Optional.of(user.orElseThrow(() -> AdminException.refused("There is no user " + name)));
    }

    private static long parseRate(final String text) {
        final long bytes = ByteSize.parse(text.replaceFirst("/s\\s*$", "")).bytes();
        if (bytes == 0) {
            throw new IllegalArgumentException("nothing would be read");
        }
        return bytes;
    }

    private Checkpoint begin(final Path state) throws IOException {
        final Checkpoint start = Checkpoint.start(clock.instant());
        return line.hasOption("continue") ? Checkpoint.read(state).orElse(start) : start;
    }

    /** Prints what is found, and writes how far it has come. */
    private final class Printer implements Listener {

        private final Path state;
        private final VerifyProgress progress;
        private boolean warned;

        Printer(final Path state, final VerifyProgress progress) {
            this.state = state;
            this.progress = progress;
        }

        @Override
        public void found(final Finding finding) {
            progress.clear();
            out.println(line.hasOption("json") ? json(finding) : finding);
        }

        private String json(final Finding finding) {
            final JSONObject json = new JSONObject().put("state", finding.kind().toString()).put("detail", finding.detail());
            if (finding.kind() != Finding.Kind.JOURNAL) {
                json.put("directory", finding.directory()).put("path", finding.path());
            }
            finding.entry().ifPresent(entry -> json.put("size", entry.file().size()).put("sha256", entry.file().sha256()));
            return json.toString();
        }

        @Override
        public void progress(final long files, final long bytes) {
            progress.show(files, bytes);
        }

        @Override
        public void reached(final Checkpoint checkpoint) {
            try {
                checkpoint.write(state);
            } catch (final IOException e) {
                if (!warned) {
                    System.err.println("If it is stopped, it cannot be continued: " + FileFault.describe(e));
                }
                warned = true;
            }
        }
    }
}
