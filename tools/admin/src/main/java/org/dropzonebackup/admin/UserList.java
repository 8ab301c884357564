package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FreshnessRule;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;
import org.dropzonebackup.core.users.User;
import org.dropzonebackup.core.users.UsersFile;
import org.json.JSONObject;
import org.json.JSONStringer;

/** Prints the users with their directories and limits, but never a hash. */
record UserList(Path file) {

    void print(final boolean json) throws IOException {
        final UsersFile read = UsersFile.read(file);
        read.problems().forEach(problem -> System.err.println(file + ": " + problem));
        final List<User> users = read.users().values().stream()
                .sorted(Comparator.comparing(user -> user.name().value())).toList();
        final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (json) {
            out.println(json(users));
        } else {
            users.forEach(user -> out.printf("%-20s %-30s %-10s %-14s %-15s %-14s %-15s %s%n", user.name(), user.directory(),
                    user.quota().isPresent() ? new ByteSize(user.quota().getAsLong()) : "no quota",
                    user.minFileSize().isPresent() ? "from " + new ByteSize(user.minFileSize().getAsLong()) : "any size",
                    user.existing().map(existing -> "existing: " + existing).orElse(""), kept(user),
                    user.freshness().map(rule -> "every " + DurationText.of(rule.every())).orElse(""),
                    user.enabled() && user.mayWrite() ? "enabled" : "disabled"));
        }
        out.flush();
    }

    private static String kept(final User user) {
        final List<String> kept = new ArrayList<>();
        user.keepFor().ifPresent(duration -> kept.add("for " + DurationText.of(duration)));
        user.keepAtLeast().ifPresent(count -> kept.add("at least " + count));
        return kept.isEmpty() ? "" : "kept " + String.join(", ", kept);
    }

    private static String json(final List<User> users) {
        final JSONStringer json = new JSONStringer();
        json.array();
        for (final User user : users) {
            json.object().key("username").value(user.name().value()).key("directory").value(user.directory())
                    .key("quota").value(user.quota().isPresent() ? user.quota().getAsLong() : JSONObject.NULL)
                    .key("minFileSize")
                    .value(user.minFileSize().isPresent() ? user.minFileSize().getAsLong() : JSONObject.NULL)
                    .key("existing").value(user.existing().<Object>map(Existing::toString).orElse(JSONObject.NULL))
                    .key("keepForSeconds").value(user.keepFor().<Object>map(Duration::toSeconds).orElse(JSONObject.NULL))
                    .key("keepAtLeast")
                    .value(user.keepAtLeast().isPresent() ? user.keepAtLeast().getAsInt() : JSONObject.NULL)
                    .key("expectEverySeconds")
                    .value(user.freshness().<Object>map(rule -> rule.every().toSeconds()).orElse(JSONObject.NULL))
                    .key("expectGraceSeconds")
                    .value(user.freshness().<Object>map(rule -> rule.grace().toSeconds()).orElse(JSONObject.NULL))
                    .key("expectMinSize").value(user.freshness().<Object>map(FreshnessRule::minSize).orElse(JSONObject.NULL))
                    .key("permissions").value(user.mayWrite() ? "W" : "").key("enabled").value(user.enabled())
                    .endObject();
        }
        return json.endArray().toString();
    }
}
