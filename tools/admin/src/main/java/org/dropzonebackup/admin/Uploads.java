package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.cli.CommandLine;
import org.dropzonebackup.core.config.Setting;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.receive.UploadInventory;
import org.dropzonebackup.core.receive.UploadResource;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.local.LocalStore;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;
import org.json.JSONObject;
import org.json.JSONStringer;

/** Lists and removes the upload resources in the directories of all users: unfinished ones, and some that are complete. */
final class Uploads {

    private final AdminSettings settings;
    private final CommandLine line;
    private final Clock clock;

    Uploads(final AdminSettings settings, final CommandLine line, final Clock clock) {
        this.settings = settings;
        this.line = line;
        this.clock = clock;
    }

    /** An upload and the directory that it lies in. */
    private record Found(String directory, UploadResource upload) {
    }

    void print(final boolean json) throws AdminException, IOException {
        final List<Found> all = all(inventory());
        final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (json) {
            out.println(json(all));
        } else {
            all.forEach(found -> out.printf("%s %-15s %-20s %-24s %s %s%n", found.upload().id(),
                    found.upload().owner().user().orElse("(anonymous)"), state(found.upload()),
                    found.upload().changed(), found.directory(), found.upload().submittedName().orElse("")));
        }
        out.flush();
    }

    private static String state(final UploadResource upload) {
        if (upload.isComplete()) {
            return "complete";
        }
        final String length = upload.length().isPresent() ? new ByteSize(upload.length().getAsLong()).toString() : "?";
        return new ByteSize(upload.offset()) + " of " + length;
    }

    private static String json(final List<Found> all) {
        final JSONStringer json = new JSONStringer();
        json.array();
        for (final Found found : all) {
            final UploadResource upload = found.upload();
            json.object().key("id").value(upload.id().toString())
                    .key("username").value(upload.owner().user().<Object>map(user -> user).orElse(JSONObject.NULL))
                    .key("protocol").value(upload.owner().protocol()).key("directory").value(found.directory())
                    .key("name").value(upload.submittedName().<Object>map(name -> name).orElse(JSONObject.NULL))
                    .key("offset").value(upload.offset())
                    .key("length").value(upload.length().isPresent() ? upload.length().getAsLong() : JSONObject.NULL)
                    .key("complete").value(upload.isComplete()).key("created").value(upload.created().toString())
                    .key("changed").value(upload.changed().toString()).endObject();
        }
        return json.endArray().toString();
    }

    /** Removes uploads by id, by age, or all; the file that a complete upload has published stays. */
    void delete(final List<String> ids) throws AdminException, IOException {
        if ((ids.isEmpty() ? 0 : 1) + (line.hasOption("all") ? 1 : 0) + (line.hasOption("older-than") ? 1 : 0) != 1) {
            throw AdminException.usage("deluploads needs either ids, or --all, or --older-than DURATION");
        }
        final UploadInventory inventory = inventory();
        final List<Found> all = all(inventory);
        final List<String> refused = new ArrayList<>(ids);
        refused.removeIf(id -> all.stream().anyMatch(found -> found.upload().id().toString().equals(id)));
        refused.replaceAll(id -> "There is no upload " + id);
        int removed = 0;
        for (final Found found : all.stream().filter(chosen(ids)).toList()) {
            try {
                inventory.remove(found.directory(), found.upload().id());
                removed++;
            } catch (final RefusedException inUse) {
                refused.add("Upload " + found.upload().id() + " was not removed, as a server is using it: try again later");
            } catch (final IOException e) {
                throw unusable(found.directory(), e);
            }
        }
        System.out.println(removed == 1 ? "1 upload removed" : removed + " uploads removed");
        if (!refused.isEmpty()) {
            throw AdminException.refused(String.join(System.lineSeparator(), refused));
        }
    }

    private Predicate<Found> chosen(final List<String> ids) throws AdminException {
        if (!line.hasOption("older-than")) {
            return found -> line.hasOption("all") || ids.contains(found.upload().id().toString());
        }
        final Instant before = clock.instant().minus(Command.value(line, "older-than", DurationText::parse));
        return found -> found.upload().changed().isBefore(before);
    }

    private UploadInventory inventory() throws AdminException {
        final LocalStore store = new LocalStore(settings.base(), settings.tmpSuffix(), false, true, Runnable::run);
        return new UploadInventory(store, DurationText.parse(Setting.STALE_AFTER.defaultText()));
    }

    private List<Found> all(final UploadInventory inventory) throws AdminException, IOException {
        final List<Found> all = new ArrayList<>();
        for (final String directory : settings.directories()) {
            try {
                inventory.list(directory).forEach(upload -> all.add(new Found(directory, upload)));
            } catch (final IOException e) {
                throw unusable(directory, e);
            }
        }
        all.sort(Comparator.comparing(found -> found.upload().changed()));
        return all;
    }

    private static AdminException unusable(final String directory, final IOException fault) {
        return AdminException.refused("The uploads in " + directory + " cannot be read or removed: " + FileFault.describe(fault));
    }
}
