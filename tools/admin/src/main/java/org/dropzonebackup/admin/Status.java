package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.freshness.Overview;
import org.dropzonebackup.core.freshness.Overview.Told;
import org.dropzonebackup.core.freshness.State;
import org.dropzonebackup.core.journal.Journal;
import org.dropzonebackup.core.policy.FilePath;
import org.dropzonebackup.core.store.Directory;
import org.dropzonebackup.core.store.Store;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.PlainText;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UserDirectories;
import org.dropzonebackup.core.users.UsersFile;
import org.json.JSONArray;
import org.json.JSONObject;

/** Shows when each user's last file came, what all files take, and whether the next one is late. Writes nothing. */
final class Status {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final List<String> HEADINGS = List.of("USER", "LAST FILE", "WHEN", "SIZE", "FILES", "USED", "STATE");
    private static final int LATE = 1;
    private static final int DOWN = 2;

    private final AdminSettings settings;
    private final CommandLine line;
    private final Clock clock;

    Status(final AdminSettings settings, final CommandLine line, final Clock clock) {
        this.settings = settings;
        this.line = line;
        this.clock = clock;
    }

    /** What lies in a user's directory; none if it cannot be looked at. */
    private record Space(long files, long bytes) {
    }

    private record Row(User user, Told told, Optional<Space> space) {

        List<String> cells() {
            final List<String> cells = new ArrayList<>();
            cells.add(user.name().value());
            cells.add(told.last().map(last -> PlainText.of(last.path())).orElse("none"));
            cells.add(told.last().map(last -> TIME.format(last.time())).orElse(""));
            cells.add(told.last().map(last -> new ByteSize(last.size()).toString()).orElse(""));
            cells.add(space.map(there -> Long.toString(there.files())).orElse("?"));
            cells.add(space.map(there -> new ByteSize(there.bytes()).toString()).orElse("?")
                    + (user.quota().isPresent() ? " of " + new ByteSize(user.quota().getAsLong()) : ""));
            cells.add(told.state().map(State::toString).orElse(user.enabled() ? "" : "disabled"));
            return cells;
        }

        JSONObject json() {
            final JSONObject json = new JSONObject().put("username", user.name().value()).put("state", told.state().isPresent()
                    ? told.state().get().toString() : JSONObject.NULL);
            json.put("lastFile", told.last().<Object>map(last -> new JSONObject().put("path", last.path()).put("size", last.size())
                    .put("storedAt", last.time().toString())).orElse(JSONObject.NULL));
            json.put("files", space.<Object>map(Space::files).orElse(JSONObject.NULL));
            json.put("bytes", space.<Object>map(Space::bytes).orElse(JSONObject.NULL));
            return json.put("quota", user.quota().isPresent() ? user.quota().getAsLong() : JSONObject.NULL);
        }
    }

    /** @throws AdminException with exit status 1 if anybody is late, with 2 if anybody is down */
    void run() throws AdminException, IOException {
        final ServerFiles server = ServerFiles.of(settings, Command.STATUS);
        final Path file = settings.usersFile();
        final UsersFile read = UsersFile.read(file);
        read.problems().forEach(problem -> System.err.println(file + ": " + problem));
        final String only = Command.userName(line);
        final List<User> users = read.users().values().stream().filter(user -> only == null || user.name().value().equalsIgnoreCase(only))
                .sorted(Comparator.comparing(user -> user.name().value())).toList();
        if (only != null && users.isEmpty()) {
            throw AdminException.refused("There is no user " + only);
        }
        final Map<String, Told> told;
        try {
            told = Overview.of(users, Journal.readOnly(server.journal(), System::nanoTime), server.memory(), clock.instant());
        } catch (final IOException e) {
            throw AdminException.refused("The journal cannot be read: " + FileFault.describe(e));
        }
        final Store store = new LocalStore(server.base(), settings.tmpSuffix(), false, true, Runnable::run);
        final UserDirectories directories = new UserDirectories(new LiveUsers(file, clock), server.base(), OwnDirectories.ALL);
        final List<Row> rows = new ArrayList<>();
        for (final User user : users) {
            rows.add(new Row(user, told.get(user.name().value()), space(store, directories, user)));
        }
        print(rows);
        refuse(rows, State.DOWN, DOWN);
        refuse(rows, State.LATE, LATE);
    }

    private static Optional<Space> space(final Store store, final UserDirectories directories, final User user) {
        try {
            final Optional<Directory> there = store.existing(user.directory());
            return there.isEmpty() ? Optional.of(new Space(0, 0))
                    : Optional.of(new Space(files(there.get(), directories, user.directory(), ""), there.get().usage()));
        } catch (final IOException e) {
            System.err.println("The files of " + user.name() + " cannot be looked at: " + FileFault.describe(e));
            return Optional.empty();
        }
    }

    private static long files(final Directory directory, final UserDirectories directories, final String home, final String above)
            throws IOException {
        final FilePath any = FilePath.ofStored(above + "any");
        long files = directory.names(any, "").size();
        for (final String below : directory.directories(any)) {
            if (!directories.isOfAnother(home, FilePath.ofStored(above + below))) {
                files += files(directory, directories, home, above + below + "/");
            }
        }
        return files;
    }

    private void print(final List<Row> rows) {
        final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (line.hasOption("json")) {
            final JSONArray all = new JSONArray();
            rows.forEach(row -> all.put(row.json()));
            out.println(all);
        } else {
            final List<List<String>> table = new ArrayList<>();
            table.add(HEADINGS);
            rows.forEach(row -> table.add(row.cells()));
            table.forEach(cells -> out.println(inColumns(cells, table)));
        }
        out.flush();
    }

    private static String inColumns(final List<String> cells, final List<List<String>> table) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            final int column = i;
            final int width = table.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
            text.append(cells.get(i)).append(" ".repeat(width - length(cells.get(i)) + 2));
        }
        return text.toString().stripTrailing();
    }

    private static int length(final String text) {
        return text.codePointCount(0, text.length());
    }

    private static void refuse(final List<Row> rows, final State state, final int exitStatus) throws AdminException {
        final List<String> names = rows.stream().filter(row -> row.told().state().filter(state::equals).isPresent())
                .map(row -> row.user().name().value()).toList();
        if (!names.isEmpty()) {
            throw AdminException.of(state + ": " + String.join(", ", names), exitStatus);
        }
    }
}
