package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.retention.DoubtfulClockException;
import org.dropzonebackup.core.retention.KeptBox;
import org.dropzonebackup.core.retention.Removal;
import org.dropzonebackup.core.retention.Retention;
import org.dropzonebackup.core.signing.SigningKeys;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserDirectories;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersFile;
import org.dropzonebackup.core.verify.SignedHeads;

/** Removes files that need not be kept any longer, as the server does once an hour, or says which would go. */
final class Prune implements Retention.Report {

    private final AdminSettings settings;
    private final CommandLine line;
    private final Clock clock;
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final List<String> faults = new ArrayList<>();
    private int files;
    private long bytes;

    Prune(final AdminSettings settings, final CommandLine line, final Clock clock) {
        this.settings = settings;
        this.line = line;
        this.clock = clock;
    }

    /** @param user whose files; none: those of all */
    void run(final Optional<UserName> user) throws AdminException, IOException {
        final ServerFiles server = ServerFiles.of(settings, Command.PRUNE);
        final Path base = server.base();
        final Path journalFiles = server.journal();
        server.refuseOtherUser();
        final List<KeptBox> boxes = boxes(user);
        final UserDirectories directories =
                new UserDirectories(new LiveUsers(settings.usersFile(), clock), base, OwnDirectories.ALL);
        try (Journal journal = new Journal(journalFiles, true, clock, System::nanoTime)) {
            new SignedHeads(journal, Optional.of(new SigningKeys(settings.signingKey(), clock)), clock).signBeginning();
            prune(new Retention(new LocalStore(base, settings.tmpSuffix(), false, true, Runnable::run), journal, server.memory(), clock,
                    System::nanoTime, directories::isOfAnother), boxes);
        } catch (final DoubtfulClockException e) {
            faults.add((line.hasOption("dry-run") ? "None would be removed: " : "No file is removed: ") + e.getMessage());
        } catch (final IOException e) {
            faults.add("No file is removed: " + FileFault.describe(e));
        } finally {
            out.flush();
        }
        if (!faults.isEmpty()) {
            throw AdminException.refused(String.join(System.lineSeparator(), faults));
        }
    }

    private List<KeptBox> boxes(final Optional<UserName> only) throws AdminException, IOException {
        final Path file = settings.usersFile();
        final UsersFile read = UsersFile.read(file);
        read.problems().forEach(problem -> System.err.println(file + ": " + problem));
        if (only.isPresent() && !read.users().containsKey(only.get())) {
            throw AdminException.refused("There is no user " + only.get());
        }
        final List<User> users = read.users().values().stream().filter(user -> only.isEmpty() || only.get().equals(user.name())).toList();
        final Optional<Duration> keepFor = settings.value(Setting.KEEP_FOR, KeepRule::parseKeepFor);
        return KeptBox.of(users, keepFor, settings.value(Setting.KEEP_AT_LEAST, KeepRule::parseAtLeast).orElseThrow());
    }

    private void prune(final Retention retention, final List<KeptBox> boxes) throws AdminException, IOException {
        final boolean dry = line.hasOption("dry-run");
        if (line.hasOption("accept-clock") && !dry && !retention.acceptClock() || !dry && !retention.prune(boxes, this)) {
            throw AdminException.refused("No file is removed, as a server, or somebody else, is pruning just now: try again later");
        }
        try {
            if (dry) {
                retention.dryRun(boxes, this);
            }
        } finally {
            out.println((files == 1 ? "1 file" : files + " files") + (dry ? " would be removed, " : " removed, ") + new ByteSize(bytes)
                    + (boxes.isEmpty() ? ": all are kept for ever, as there is no keep-for" : ""));
        }
    }

    @Override
    public void goes(final Removal removal) {
        files++;
        bytes += removal.line().file().size();
        final String why = removal.newer().isPresent() ? ": received " + removal.line().time() + ", "
                + removal.newer().getAsInt() + " newer" : ": its removal was cut short " + removal.line().time();
        out.println(removal.line().file().directory() + "/" + removal.line().file().path() + why);
    }

    @Override
    public void failed(final String directory, final IOException fault) {
        faults.add("The files in " + directory + " are left as they are from here on: " + FileFault.describe(fault));
    }
}
