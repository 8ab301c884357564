package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;
import static org.dropzonebackup.core.receive.AlicesBox.BOX;
import static org.dropzonebackup.core.receive.AlicesBox.NOBODY_ELSE;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;
import static org.dropzonebackup.core.receive.AlicesBox.bytes;
import static org.dropzonebackup.core.receive.AlicesBox.limited;
import static org.dropzonebackup.core.receive.AlicesBox.send;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of forms that come in pieces. */
class ResumableBodyTest {

    private AlicesBox alice;
    private ResumableReceiver server;

    @BeforeEach
    void createBox(@TempDir final Path base) throws IOException {
        alice = new AlicesBox(base);
        server = alice.server();
    }

    @Test
    void bodyIsReadBackOnceItIsComplete() throws Exception {
        final DropBox ten = limited(10);
        final UploadId id = server.createBody(ten, ALICE, body(OptionalLong.of(9)), Map.of("boundary", "-"));
        send(server, ten, id, 0, "0123-");
        final List<Receipt> receipts;
        try (Append append = server.append(ten, ALICE, id, 5, NOBODY_ELSE)) {
            assertRefused(() -> append.complete(Lines::new), Refusal.LengthChanged.class);
            append.write(bytes("4567"), Retainable.NEVER);
            final Completion completion = append.complete(Lines::new);
            assertThat(completion.readsBack()).isTrue();
            while (completion.readBack()) {
                assertThat(append.offset()).isEqualTo(9);
            }
            receipts = completion.commit();
        }
        assertThat(receipts).extracting(Receipt::name).containsExactly("part1", "part2");
        assertThat(alice.resolve("part2")).hasContent("4567");
        assertThat(server.look(ten, ALICE, id).receipts()).contains(receipts);
        assertThat(alice.names()).containsExactlyInAnyOrder("part1", "part2", "." + id + ".state.~tmp");
        server.create(ten, ALICE, announced("c", 2), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("d", 1), Map.of()), Refusal.QuotaExceeded.class);
    }

    @Test
    void bodyWithARefusedFileIsGoneAndStoresNothing() throws Exception {
        Files.writeString(alice.resolve("part2"), "there");
        final UploadId id = server.createBody(BOX, ALICE, body(OptionalLong.empty()), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("0123-4567"), Retainable.NEVER);
            assertRefused(append.complete(Lines::new)::readBack, Refusal.NameTaken.class);
        }
        assertThat(alice.names()).containsExactly("part2");
    }

    @Test
    void bodyThatWasNotReadToItsEndIsReadAgain() throws Exception {
        final UploadId id = server.createBody(BOX, ALICE, body(OptionalLong.of(4)), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("0123"), Retainable.NEVER);
            append.complete(Lines::new).readBack();
        }
        assertThat(alice.published()).isEmpty();
        try (Append append = server.append(BOX, ALICE, id, 4, NOBODY_ELSE)) {
            final Completion completion = append.complete(Lines::new);
            completion.readBack();
            completion.commit();
        }
        assertThat(alice.resolve("part1")).hasContent("0123");
    }

    private static Announcement body(final OptionalLong length) {
        return new Announcement(Optional.empty(), length, Map.of(), false);
    }

    /** A body whose files are separated by dashes. */
    private static final class Lines implements BodyParser {

        private final UploadTransaction transaction;
        private int files;

        Lines(final Map<String, String> notes, final UploadTransaction transaction) {
            assertThat(notes).isIn(Map.of(), Map.of("boundary", "-"));
            this.transaction = transaction;
        }

        @Override
        public void accept(final ByteBuffer body) throws RefusedException, IOException {
            for (final String content : StandardCharsets.UTF_8.decode(body).toString().split("-")) {
                files++;
                final IncomingFile file = transaction.begin(announced("part" + files));
                file.write(bytes(content), Retainable.NEVER);
                file.finish();
            }
        }

        @Override
        public void end() {
            assertThat(files).isPositive();
        }
    }
}
