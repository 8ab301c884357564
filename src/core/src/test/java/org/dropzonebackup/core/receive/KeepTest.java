package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;
import static org.dropzonebackup.core.receive.KeepingBox.BOX;
import static org.dropzonebackup.core.receive.KeepingBox.meant;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are sent under a name again where all are kept. */
class KeepTest {

    @TempDir
    private Path base;

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void bearTheTimeFromTheSecondOn(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        final String time = box.time();

        assertThat(box.send("db.tar.gz", "first")).extracting(Receipt::name).isEqualTo("db.tar.gz");
        assertThat(box.send("db.tar.gz", "second")).satisfies(receipt -> {
            assertThat(receipt.name()).isEqualTo("db." + time + ".tar.gz");
            assertThat(receipt.submittedName()).contains("db.tar.gz");
        });
        assertThat(box.send("db.tar.gz", "second")).as("no digest, no comparison").extracting(Receipt::name)
                .isEqualTo("db." + time + "-2.tar.gz");
        assertThat(box.send("a/db.tar.gz", "other")).extracting(Receipt::name).isEqualTo("a/db.tar.gz");
        assertThat(box.send("a/db.tar.gz", "other")).extracting(Receipt::name).isEqualTo("a/db." + time + ".tar.gz");
        assertThat(box.stored("x").keySet()).contains("db.tar.gz", "db." + time + ".tar.gz", "db." + time + "-2.tar.gz");
    }

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void areKeptSideBySideByTheFilesOfARequest(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        final Map<Announcement, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            files.put(announced("f" + i), new byte[] {(byte) i});
        }
        KeepingBox.send(box.server(), BOX, files);
        // The name that the first one goes on to
        files.put(announced("f0." + box.time()), new byte[0]);

        final List<Receipt> receipts = KeepingBox.send(box.server(), BOX, files);

        assertThat(receipts).extracting(Receipt::name).doesNotHaveDuplicates().contains("f1." + box.time(), "f19." + box.time())
                .allMatch(name -> name.startsWith("f") && name.contains(box.time()));
        assertThat(box.stored("x")).hasSize(41);
    }

    @ParameterizedTest
    @CsvSource({"directory, 'directory' is a directory", "a/b/file, as 'a/b' is no directory", "a/b/c/file, as 'a/b' is no directory",
        "a/link/file, a link or the like is in its way", "a/b, A file named 'a/b' exists already"})
    void areRefusedWithASentenceThatSaysWhatIsInTheWay(final String path, final String said) throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        Files.createDirectory(box.resolve("directory"));
        Files.writeString(Files.createDirectory(box.resolve("a")).resolve("b"), "a file");
        Files.createSymbolicLink(box.resolve("a/link"), base);
        assertThatThrownBy(() -> KeepingBox.send(box.server(Existing.REFUSE), BOX, Map.of(announced(path), new byte[1])))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "directory", "a/file", "link/file"})
    void areRefusedWhereTheirPathIsNoFiles(final String path) throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        Files.writeString(box.resolve("a"), "a file");
        Files.createSymbolicLink(box.resolve("link"), Files.createDirectory(base.resolve("outside")));
        Files.writeString(Files.createDirectory(box.resolve("directory")).resolve("in it"), "x");

        for (final Existing existing : Existing.values()) {
            for (final boolean digest : List.of(true, false)) {
                final Announcement announced = digest ? meant(path, "new", false) : announced(path);
                assertRefused(() -> KeepingBox.send(box.server(existing), BOX, Map.of(announced, "new".getBytes(StandardCharsets.UTF_8))),
                        Refusal.PathBlocked.class);
            }
        }
        assertThat(base.resolve("outside")).isEmptyDirectory();
        assertThat(box.resolve(".")).isDirectoryNotContaining(file -> file.toString().contains("Z"));
    }

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void areRefusedWhereTheyWereToBeNew(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        box.send("a", "first");
        final Announcement onlyNew = new Announcement(Optional.of("a"), OptionalLong.empty(), Map.of(), false, true);

        assertRefused(() -> box.send(onlyNew, "second"), Refusal.NameNotNew.class);
        assertRefused(() -> box.resumable().create(BOX, AlicesBox.ALICE, onlyNew, Map.of()), Refusal.NameNotNew.class);
        assertThat(box.stored("a")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void areKeptOrNotAsTheirBoxSays(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        box.send("a", "first");
        for (final Existing existing : Existing.values()) {
            final DropBox own = new DropBox("alice", OptionalLong.empty(), OptionalLong.empty(), Optional.of(existing), Optional.empty(),
                    Optional.empty(), Optional.empty());
            final Map<Announcement, byte[]> again = Map.of(announced("a"), existing.toString().getBytes(StandardCharsets.UTF_8));
            if (existing == Existing.REFUSE) {
                assertRefused(() -> KeepingBox.send(box.server(Existing.REPLACE), own, again), Refusal.NameTaken.class);
            } else {
                KeepingBox.send(box.server(Existing.REFUSE), own, again);
            }
        }
        assertThat(box.stored("a")).containsOnlyKeys("a", "a." + box.time())
                .containsEntry("a", HexFormat.of().formatHex(AlicesBox.sha256("replace")));
    }

    @Test
    void takeThePlainNameAgainThatTheAdministratorHasFreed() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        box.send("a", "first");
        box.send("a", "second");
        Files.delete(box.resolve("a"));

        assertThat(box.send(meant("a", "second", true), "second")).as("nothing is listed where the name is free")
                .extracting(Receipt::name).isEqualTo("a");
    }

    @Test
    void areNotNamedAsTheRulesForbid() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        final String suffix = box.time().substring(box.time().length() - 4) + ".x";
        final FileName.Rules rules = new FileName.Rules(suffix, false);
        final Receiver server = box.server(Existing.KEEP, rules);
        KeepingBox.send(server, BOX, Map.of(announced("a.x"), new byte[1]));

        assertThat(KeepingBox.send(server, BOX, Map.of(announced("a.x"), new byte[1]))).extracting(Receipt::name)
                .containsExactly("a." + box.time() + "-2.x");
    }
}
