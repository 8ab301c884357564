package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;
import static org.dropzonebackup.core.receive.AlicesBox.BOX;
import static org.dropzonebackup.core.receive.AlicesBox.NOBODY_ELSE;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;
import static org.dropzonebackup.core.receive.AlicesBox.bytes;
import static org.dropzonebackup.core.receive.AlicesBox.complete;
import static org.dropzonebackup.core.receive.AlicesBox.limited;
import static org.dropzonebackup.core.receive.AlicesBox.send;
import static org.dropzonebackup.core.receive.AlicesBox.sendLast;
import static org.dropzonebackup.core.receive.AlicesBox.sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes of an upload resource that lie behind its offset: nobody was told that they are there. */
class UncertainBytesTest {

    private AlicesBox alice;
    private ResumableReceiver server;
    private UploadId id;

    @BeforeEach
    void create(@TempDir final Path base) throws Exception {
        alice = new AlicesBox(base);
        server = alice.server();
        id = server.create(BOX, ALICE, announced("a.txt"), Map.of());
        send(server, BOX, id, 0, "012");
        try (Append brokenOff = server.append(BOX, ALICE, id, 3, NOBODY_ELSE)) {
            brokenOff.write(bytes("lost"), Retainable.NEVER);
        }
        assertThat(data()).hasContent("012lost");
    }

    @Test
    void areNotPublished() throws Exception {
        final List<Receipt> receipts = sendLast(server, id, 3, "34");
        assertThat(alice.resolve("a.txt")).hasContent("01234");
        assertThat(receipts).extracting(Receipt::withoutEntry).containsExactly(new Receipt("a.txt", Optional.of("a.txt"), 5, HexFormat.of().formatHex(sha256("01234")),
                Files.getLastModifiedTime(alice.resolve("a.txt")).toInstant().truncatedTo(ChronoUnit.MILLIS)));
    }

    @Test
    void areNotPublishedWhereNoMoreCome() throws Exception {
        sendLast(alice.server(), id, 3, "");
        assertThat(alice.resolve("a.txt")).hasContent("012");
    }

    @Test
    void areCountedOnceThoughTheyAreWrittenOver() throws Exception {
        final DropBox ten = limited(10);
        try (Append append = server.append(ten, ALICE, id, 3, NOBODY_ELSE)) {
            for (final String each : "3456789".split("")) {
                append.write(bytes(each), Retainable.NEVER);
                assertRefused(() -> server.create(ten, ALICE, announced("b", 4), Map.of()), Refusal.QuotaExceeded.class);
            }
            assertRefused(() -> append.write(bytes("x"), Retainable.NEVER), Refusal.QuotaExceeded.class);
            complete(append);
        }
        assertThat(alice.resolve("a.txt")).hasContent("0123456789");
    }

    @Test
    void bytesThatAreMissingComeAgain() throws Exception {
        Files.writeString(data(), "01");
        assertThat(server.look(BOX, ALICE, id).offset()).isEqualTo(2);
        assertRefused(() -> send(server, BOX, id, 3, "3"), Refusal.WrongOffset.class);
        send(server, BOX, id, 2, "2");
        sendLast(server, id, 3, "34");
        assertThat(alice.resolve("a.txt")).hasContent("01234");
    }

    private Path data() throws IOException {
        return alice.resolve("." + id + ".upload.~tmp");
    }
}
