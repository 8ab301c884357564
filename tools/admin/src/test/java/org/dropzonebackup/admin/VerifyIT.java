package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code verify} of the packaged admin jar as a process, while a server has the journal. */
class VerifyIT {

    @TempDir
    private Path directory;
    private Path base;
    private Journal journal;
    private AdminProcess admin;

    @BeforeEach
    void sendFiles() throws Exception {
        admin = new AdminProcess(directory);
        base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(admin.usersFile(), "alice.directory = alice\nbob.directory = bob\n");
        journal = new Journal(base.resolve(".dropzone/journal"), false, Clock.systemUTC(), System::nanoTime);
        store("alice", "a.txt", "content");
        store("bob", "below/b.txt", "content");
    }

    @AfterEach
    void close() throws Exception {
        journal.close();
    }

    /** As a server does. */
    private void store(final String user, final String path, final String content) throws Exception {
        final Path file = base.resolve(user).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        final byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        journal.append(List.of(new Entry(Event.STORED, Optional.of(user), new FileFacts(user, path,
                content.length(), HexFormat.of().formatHex(digest), Optional.empty()), Optional.empty())));
    }

    private int verify(final String... options) throws Exception {
        return admin.run("", command(options));
    }

    private String[] command(final String... options) {
        final List<String> command = new ArrayList<>(List.of("verify", "--upload-base-dir", base.toString()));
        command.addAll(List.of(options));
        return command.toArray(String[]::new);
    }

    @Test
    void says0IfAllIsAsItWasStored() throws Exception {
        assertThat(verify()).isZero();
        assertThat(admin.output()).isEqualTo("2 files with 14 bytes were read, 0 things are wrong\n");
        assertThat(base.resolve(".dropzone/verify.json")).doesNotExist();
    }

    @Test
    void namesWhatIsWrongAndSays1() throws Exception {
        Files.writeString(base.resolve("alice/a.txt"), "Content");
        Files.writeString(base.resolve("bob/below/\u001b[2J"), "by hand");

        assertThat(verify()).isEqualTo(1);
        assertThat(admin.output().lines()).satisfiesExactly(
                altered -> assertThat(altered).startsWith("altered: alice/a.txt (its SHA-256 is "),
                unknown -> assertThat(unknown).isEqualTo("not in the journal: bob/below/\\x1b[2J (it has 7 bytes)"),
                summary -> assertThat(summary).isEqualTo("2 files with 14 bytes were read, 2 things are wrong"),
                error -> assertThat(error).isEqualTo("2 things are wrong"));

        assertThat(verify("--user", "bob", "--json")).isEqualTo(1);
        final List<String> lines = admin.output().lines().toList();
        assertThat(new JSONObject(lines.get(0)).toMap()).containsEntry("state", "not in the journal")
                .containsEntry("directory", "bob").containsEntry("path", "below/\u001b[2J");
        assertThat(new JSONObject(lines.get(1)).toMap()).containsEntry("files", 1).containsEntry("bytes", 7).containsEntry("wrong", 1);
    }

    @Test
    void signsTheJournalAsItIsWhenItIsTold() throws Exception {
        assertThat(verify("--accept-journal")).isEqualTo(1);
        assertThat(admin.output()).startsWith("There is no key to sign the journal with: ");
        assertThat(admin.run("", "key", "--rotate", "--upload-base-dir", base.toString())).isZero();
        final Path head = base.resolve(".dropzone/journal/1/head.jws");
        assertThat(verify()).isEqualTo(1);
        assertThat(admin.output()).startsWith("journal damaged: " + head + " is missing");
        assertThat(verify("--accept-journal")).isEqualTo(1);
        assertThat(admin.output()).startsWith("The journal's chains [1] are not signed: a server uses them");

        journal.close();
        assertThat(verify("--accept-journal")).isZero();
        assertThat(head).exists();
        assertThat(verify()).isZero();
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        assertThat(verify("--max-rate", "0")).isEqualTo(2);
        assertThat(admin.output()).contains("--max-rate: nothing would be read");
        assertThat(verify("--user", "carol")).isEqualTo(1);
        assertThat(admin.output()).contains("There is no user carol");
        assertThat(admin.run("", "verify")).isEqualTo(2);
        assertThat(admin.run("", "verify", "--upload-base-dir", directory.toString())).isEqualTo(1);
        assertThat(admin.output()).contains("There is no journal ");
    }

    @Test
    void goesOnWhereItWasKilled() throws Exception {
        for (int i = 0; i < 20; i++) {
            store("alice", "f" + i, "x".repeat(1_000_000));
        }
        try (WatchService watch = base.getFileSystem().newWatchService()) {
            base.resolve(".dropzone").register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            final Process process = admin.start("", command("--max-rate", "1 MB/s"));
            boolean reached = false;
            while (!reached) {
                final WatchKey key = watch.poll(1, TimeUnit.MINUTES);
                assertThat(key).as("it says how far it has come").isNotNull();
                reached = key.pollEvents().stream().anyMatch(event -> event.context().toString().equals("verify.json"));
                key.reset();
            }
            process.destroyForcibly().waitFor();
        }
        Files.writeString(base.resolve("alice/a.txt"), "behind it");

        assertThat(verify("--continue")).isZero();
        assertThat(admin.output()).isEqualTo("22 files with 20000014 bytes were read, 0 things are wrong\n");
        assertThat(verify("--continue")).isEqualTo(1);
    }
}
