package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;
import static org.dropzonebackup.core.receive.AlicesBox.NOBODY_ELSE;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;
import static org.dropzonebackup.core.receive.AlicesBox.sendLast;
import static org.dropzonebackup.core.receive.KeepingBox.BOX;
import static org.dropzonebackup.core.receive.KeepingBox.meant;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that come in pieces where all of one name are kept. */
class ResumableKeepTest {

    @TempDir
    private Path base;

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void areKeptBesideEarlierOnes(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        final ResumableReceiver server = box.resumable();
        box.send("d/a.txt", "first");
        final UploadId id = server.create(BOX, ALICE, announced("d/a.txt", 6), Map.of());

        final List<Receipt> receipts = sendLast(server, id, 0, "second");

        assertThat(receipts).extracting(Receipt::name).containsExactly("d/a." + box.time() + ".txt");
        assertThat(receipts).extracting(Receipt::submittedName).containsExactly(Optional.of("d/a.txt"));
        assertThat(box.resumable().look(BOX, ALICE, id).receipts()).contains(receipts);
        assertThat(box.stored("d/x")).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(KeepingBox.Kind.class)
    void areStoredOnceIfTheSameIsThere(final KeepingBox.Kind kind) throws Exception {
        final KeepingBox box = new KeepingBox(kind, base);
        box.send("a.txt", "first");
        final Receipt second = box.send("a.txt", "second");
        box.send("a.txt", "third");
        final ResumableReceiver server = box.resumable();
        final UploadId id = server.create(BOX, ALICE, meant("a.txt", "second", false), Map.of());

        assertThat(sendLast(server, id, 0, "second")).extracting(Receipt::name).containsExactly(second.name());
        assertThat(box.stored("x")).hasSize(3);
    }

    @Test
    void areRefusedAtOnceWhereTheirPathIsNoFiles() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        Files.createDirectory(box.resolve("d"));
        assertRefused(() -> box.resumable().create(BOX, ALICE, announced("d"), Map.of()), Refusal.PathBlocked.class);
    }

    @Test
    void areStoredOnceThoughTheServerCrashesBeforeItRecordsThat() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        box.send("a.txt", "there");
        for (final boolean digest : List.of(false, true)) {
            final String content = "digest " + digest;
            final UploadId id = box.resumable().create(BOX, ALICE,
                    digest ? meant("a.txt", content, false) : announced("a.txt", content.length()), Map.of());
            final List<Receipt> receipts = sendLast(box.resumable(), id, 0, content);
            // As it was before the name of the data file was removed
            Files.createLink(box.resolve("." + id + ".upload.~tmp"), box.resolve(receipts.get(0).name()));
            box.clock().pass(Duration.ofSeconds(5));

            final List<Receipt> again = sendLast(box.resumable(), id, content.length(), "");
            assertThat(again).extracting(Receipt::withoutEntry).containsExactly(receipts.get(0).withoutEntry());
            assertThat(box.resumable().look(BOX, ALICE, id).receipts()).contains(again);
        }
        assertThat(box.stored("x")).hasSize(3);
    }

    @Test
    void goOnToAnotherNameIfTheOneThatWasChosenBeforeACrashIsTakenSince() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        final UploadId id = box.resumable().create(BOX, ALICE, announced("a.txt", 4), Map.of());
        final List<Receipt> lost = sendLast(box.resumable(), id, 0, "0123");
        // As it was before it was published
        Files.move(box.resolve("a.txt"), box.resolve("." + id + ".upload.~tmp"));
        assertThat(lost).extracting(Receipt::name).containsExactly("a.txt");
        box.send("a.txt", "of another upload");

        assertThat(sendLast(box.resumable(), id, 4, "")).extracting(Receipt::name).containsExactly("a." + box.time() + ".txt");
        assertThat(box.resolve("a.txt")).hasContent("of another upload");
    }

    @Test
    void recordTheNameThatEachFileOfABodyWasSentUnder() throws Exception {
        final KeepingBox box = new KeepingBox(KeepingBox.Kind.FILES, base);
        box.send("d/one", "there");
        final UploadId id = box.resumable().createBody(BOX, ALICE,
                new Announcement(Optional.empty(), OptionalLong.of(2), Map.of(), false), Map.of());
        final List<Receipt> receipts;
        try (Append append = box.resumable().append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(AlicesBox.bytes("xy"), Retainable.NEVER);
            final Completion completion = append.complete((notes, files) -> new TwoFiles(files));
            while (completion.readBack()) {
                assertThat(append.offset()).isEqualTo(2);
            }
            receipts = completion.commit();
        }
        assertThat(receipts).extracting(Receipt::name).containsExactly("d/one." + box.time(), "two");
        assertThat(receipts).extracting(Receipt::submittedName).containsExactly(Optional.of("d/one"), Optional.of("C:\\dir\\two"));
        assertThat(box.resumable().look(BOX, ALICE, id).receipts()).contains(receipts);
    }

    /** Two files of one byte each. */
    private record TwoFiles(UploadTransaction files) implements BodyParser {

        @Override
        public void accept(final ByteBuffer body) throws RefusedException, IOException {
            for (final String name : List.of("d/one", "C:\\dir\\two")) {
                final IncomingFile file = files.begin(announced(name));
                file.write(ByteBuffer.wrap(new byte[] {body.get()}), Retainable.NEVER);
                file.finish();
            }
        }

        @Override
        public void end() {
            assertThat(files.position()).isEqualTo(1);
        }
    }

    @Test
    void areToldOfAsOlderServersRecordedThem() {
        final Receipt receipt = new Receipt("a.txt", Optional.of("C:\\a.txt"), 1, "00", Instant.EPOCH);
        final UploadInfo info = new UploadInfo(ALICE, Optional.of("C:\\a.txt"), false, Instant.EPOCH, Map.of(), false, Map.of(),
                List.of(receipt));
        final Map<String, String> older = new TreeMap<>(info.recorded());

        assertThat(older.remove("file.0.submittedName")).isEqualTo("C:\\a.txt");
        assertThat(UploadInfo.of(older).orElseThrow().receipts()).containsExactly(receipt);
        assertThat(UploadInfo.of(info.recorded()).orElseThrow().receipts()).containsExactly(receipt);
    }
}
