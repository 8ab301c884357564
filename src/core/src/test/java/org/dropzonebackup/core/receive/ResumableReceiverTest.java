package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dropzonebackup.core.receive.AlicesBox.ALICE;
import static org.dropzonebackup.core.receive.AlicesBox.BOX;
import static org.dropzonebackup.core.receive.AlicesBox.MAX_FILE_SIZE;
import static org.dropzonebackup.core.receive.AlicesBox.NOBODY_ELSE;
import static org.dropzonebackup.core.receive.AlicesBox.WEEK;
import static org.dropzonebackup.core.receive.AlicesBox.announced;
import static org.dropzonebackup.core.receive.AlicesBox.assertRefused;
import static org.dropzonebackup.core.receive.AlicesBox.bytes;
import static org.dropzonebackup.core.receive.AlicesBox.complete;
import static org.dropzonebackup.core.receive.AlicesBox.limited;
import static org.dropzonebackup.core.receive.AlicesBox.send;
import static org.dropzonebackup.core.receive.AlicesBox.sendLast;
import static org.dropzonebackup.core.receive.AlicesBox.sha256;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that come in pieces. */
class ResumableReceiverTest {

    private AlicesBox alice;
    private ResumableReceiver server;

    @BeforeEach
    void createBox(@TempDir final Path base) throws IOException {
        alice = new AlicesBox(base);
        server = alice.server();
    }

    @Test
    void storesWhatComesInSeveralRequests() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 11), Map.of("metadata", "ä=\n\\"));
        assertThat(server.look(BOX, ALICE, id)).satisfies(created -> {
            assertThat(created.offset()).isZero();
            assertThat(created.length()).hasValue(11);
            assertThat(created.notes()).containsExactly(Map.entry("metadata", "ä=\n\\"));
            assertThat(created.submittedName()).contains("a.txt");
            assertThat(created.isComplete()).isFalse();
        });

        send(server, BOX, id, 0, "first ");
        assertThat(server.look(BOX, ALICE, id).offset()).isEqualTo(6);
        assertThat(alice.published()).isEmpty();
        final List<Receipt> receipts = sendLast(server, id, 6, "again");

        assertThat(alice.resolve("a.txt")).hasContent("first again");
        assertThat(receipts).singleElement().satisfies(receipt -> {
            assertThat(receipt.name()).isEqualTo("a.txt");
            assertThat(receipt.size()).isEqualTo(11);
            assertThat(receipt.sha256()).isEqualTo(HexFormat.of().formatHex(sha256("first again")));
        });
        assertThat(server.look(BOX, ALICE, id).receipts()).as("whoever lost the answer learns it").contains(receipts);
        assertThat(server.look(BOX, ALICE, id).offset()).isEqualTo(11);
        assertThat(alice.names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void keepsWhatWasCheckpointedAndNoMore() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("01234"), Retainable.NEVER);
            append.checkpoint();
            append.write(bytes("xxx"), Retainable.NEVER);
        }
        assertThat(server.look(BOX, ALICE, id).offset()).isEqualTo(5);
        sendLast(server, id, 5, "56789");
        assertThat(alice.resolve("a.txt")).hasContent("0123456789");
    }

    @Test
    void saysWhereToGoOn() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        send(server, BOX, id, 0, "0123");
        assertThatThrownBy(() -> server.append(BOX, ALICE, id, 5, NOBODY_ELSE)).isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(new Refusal.WrongOffset(4, 5)));
    }

    @Test
    void takesNoMoreThanTheLength() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("012"), Retainable.NEVER);
            assertRefused(() -> append.write(bytes("34"), Retainable.NEVER), Refusal.LengthChanged.class);
            assertRefused(() -> complete(append), Refusal.LengthChanged.class);
            append.checkpoint();
        }
        assertThat(server.look(BOX, ALICE, id).offset()).isEqualTo(3);
    }

    @Test
    void isNobodyElsesAndNoOtherProtocols() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        for (final Owner other : List.of(new Owner(Optional.of("bob"), "tus"), new Owner(Optional.empty(), "tus"),
                new Owner(Optional.of("alice"), "http"))) {
            assertRefused(() -> server.look(BOX, other, id), Refusal.UploadUnknown.class);
            assertRefused(() -> server.append(BOX, other, id, 0, NOBODY_ELSE), Refusal.UploadUnknown.class);
            assertRefused(() -> server.cancel(BOX, other, id), Refusal.UploadUnknown.class);
        }
        assertRefused(() -> server.look(BOX, ALICE, UploadId.random()), Refusal.UploadUnknown.class);
        sendLast(server, id, 0, "0123");
    }

    @Test
    void takesNothingMoreOnceItIsComplete() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 0), Map.of());
        sendLast(server, id, 0, "");
        assertRefused(() -> server.append(BOX, ALICE, id, 0, NOBODY_ELSE), Refusal.UploadComplete.class);

        server.cancel(BOX, ALICE, id);

        assertThat(alice.names()).as("the published file stays").containsExactly("a.txt");
    }

    @Test
    void cancelledOrExpiredIsUnknown() throws Exception {
        final UploadId cancelled = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        server.cancel(BOX, ALICE, cancelled);
        assertRefused(() -> server.look(BOX, ALICE, cancelled), Refusal.UploadUnknown.class);
        assertThat(alice.names()).isEmpty();

        final UploadId expiring = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        final Instant expires = server.look(BOX, ALICE, expiring).expires();
        alice.clock().pass(WEEK.minusMinutes(1));
        assertThat(server.look(BOX, ALICE, expiring).expires()).isEqualTo(expires);
        alice.clock().pass(Duration.ofMinutes(2));
        assertRefused(() -> server.look(BOX, ALICE, expiring), Refusal.UploadUnknown.class);
    }

    @Test
    void serversTakeTurns() throws Exception {
        final byte[] content = new byte[1_000_000];
        new Random(7).nextBytes(content);
        final List<ResumableReceiver> servers = List.of(server, alice.server());
        final UploadId id = server.create(BOX, ALICE, new Announcement(Optional.of("a.bin"), OptionalLong.of(content.length),
                Map.of(DigestAlgorithm.SHA_512, MessageDigest.getInstance("SHA-512").digest(content)), false), Map.of());
        final int piece = 70_001;
        List<Receipt> receipts = List.of();
        for (int offset = 0, turn = 0; offset < content.length; offset += piece, turn++) {
            final int end = Math.min(content.length, offset + piece);
            try (Append append = servers.get(turn % 2).append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
                append.write(ByteBuffer.wrap(content, offset, end - offset), Retainable.NEVER);
                if (end == content.length) {
                    receipts = complete(append);
                } else {
                    append.checkpoint();
                }
            }
        }
        assertThat(receipts).singleElement().extracting(Receipt::sha256)
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        assertThat(alice.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    void oneRequestAtATime() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        final ResumableReceiver other = alice.server();
        final Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE);
        assertRefused(() -> server.append(BOX, ALICE, id, 0, NOBODY_ELSE), Refusal.UploadBusy.class);
        assertRefused(() -> other.append(BOX, ALICE, id, 0, NOBODY_ELSE), Refusal.UploadBusy.class);
        assertRefused(() -> server.cancel(BOX, ALICE, id), Refusal.UploadBusy.class);
        assertRefused(() -> other.cancel(BOX, ALICE, id), Refusal.UploadBusy.class);
        append.close();
        sendLast(other, id, 0, "0123456789");
    }

    @Test
    void newerRequestTakesOverFromAnOlderOne() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        assertThat(server.takeOver(id).toCompletableFuture()).as("nobody has it").isCompleted();
        final AtomicInteger asked = new AtomicInteger();
        final Append older = server.append(BOX, ALICE, id, 0, asked::incrementAndGet);
        older.write(bytes("0123"), Retainable.NEVER);

        final CompletableFuture<Void> first = server.takeOver(id).toCompletableFuture();
        final CompletableFuture<Void> second = server.takeOver(id).toCompletableFuture();

        assertThat(asked).hasValue(1);
        assertThat(first).isNotDone();
        older.checkpoint();
        older.close();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        sendLast(server, id, 4, "456789");
    }

    @Test
    void tellsOfAnUploadAtRestOnlyWhenNobodyIsAtWorkForIt() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        final ResumableReceiver other = alice.server();
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("0123"), Retainable.NEVER);
            assertRefused(() -> server.lookAtRest(BOX, ALICE, id), Refusal.UploadBusy.class);
            assertRefused(() -> other.lookAtRest(BOX, ALICE, id), Refusal.UploadBusy.class);
            append.checkpoint();
        }
        for (final ResumableReceiver either : List.of(server, other)) {
            assertThat(either.lookAtRest(BOX, ALICE, id).offset()).isEqualTo(4);
        }
        final List<Receipt> receipts = sendLast(other, id, 4, "456789");
        assertThat(server.lookAtRest(BOX, ALICE, id).receipts()).contains(receipts);
        assertRefused(() -> server.lookAtRest(BOX, new Owner(Optional.of("bob"), "tus"), id), Refusal.UploadUnknown.class);
    }

    @Test
    void checkpointIsDueAfterMuchOrAfterSomeAndASecond() throws Exception {
        final ResumableReceiver large = alice.server(new Receiver.Limits(1 << 30, 0, Existing.REFUSE));
        final UploadId id = large.create(BOX, ALICE, announced("a.bin", 1 << 30), Map.of());
        try (Append append = large.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            alice.clock().pass(Duration.ofHours(1));
            append.write(ByteBuffer.allocate((4 << 20) - 1), Retainable.NEVER);
            assertThat(append.isCheckpointDue()).as("hardly anything came").isFalse();
            append.write(ByteBuffer.allocate(1), Retainable.NEVER);
            assertThat(append.isCheckpointDue()).isTrue();

            append.checkpoint();
            append.write(ByteBuffer.allocate(4 << 20), Retainable.NEVER);
            alice.clock().pass(Duration.ofMillis(999));
            assertThat(append.isCheckpointDue()).as("a moment ago").isFalse();
            alice.clock().pass(Duration.ofMillis(1));
            assertThat(append.isCheckpointDue()).isTrue();

            append.checkpoint();
            append.write(ByteBuffer.allocate(4 << 20), Retainable.NEVER);
            alice.clock().pass(Duration.ofSeconds(-1));
            assertThat(append.isCheckpointDue()).as("a clock that was set back holds nothing up").isTrue();

            append.checkpoint();
            append.write(ByteBuffer.allocate((64 << 20) - 1), Retainable.NEVER);
            assertThat(append.isCheckpointDue()).isFalse();
            append.write(ByteBuffer.allocate(1), Retainable.NEVER);
            assertThat(append.isCheckpointDue()).isTrue();
        }
    }

    @Test
    void lengthMayBeToldLater() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt"), Map.of());
        send(server, BOX, id, 0, "01234");
        try (Append append = server.append(BOX, ALICE, id, 5, NOBODY_ELSE)) {
            assertRefused(() -> append.announce(4), Refusal.LengthChanged.class);
            assertRefused(() -> append.announce(2 << 20), Refusal.TooLarge.class);
            append.announce(10);
            append.announce(10);
            assertRefused(() -> append.announce(11), Refusal.LengthChanged.class);
        }
        assertThat(server.look(BOX, ALICE, id).length()).hasValue(10);
        sendLast(server, id, 5, "56789");

        final UploadId never = server.create(BOX, ALICE, announced("b.txt"), Map.of());
        sendLast(server, never, 0, "012");
        assertThat(server.look(BOX, ALICE, never).length()).hasValue(3);
    }

    @Test
    void refusesAtCreationWhatIsKnownThen() throws Exception {
        Files.writeString(alice.resolve("there.txt"), "there");
        assertRefused(() -> server.create(BOX, ALICE, announced("there.txt", 1), Map.of()), Refusal.NameTaken.class);
        assertRefused(() -> server.create(BOX, ALICE, announced("..", 1), Map.of()), Refusal.NameNotUsable.class);
        assertRefused(() -> server.create(BOX, ALICE, announced("big", 2 << 20), Map.of()), Refusal.TooLarge.class);
        assertRefused(() -> server.create(limited(7), ALICE, announced("a", 3), Map.of()), Refusal.QuotaExceeded.class);
        final ResumableReceiver greedy = alice.fullServer();
        assertRefused(() -> greedy.create(BOX, ALICE, announced("a", 1), Map.of()), Refusal.StorageFull.class);
        assertThat(alice.names()).containsExactly("there.txt");
    }

    @Test
    void whatNoRetryCanChangeIsItsEnd() throws Exception {
        final UploadId taken = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        Files.writeString(alice.resolve("a.txt"), "there");
        assertRefused(() -> sendLast(server, taken, 0, "0123"), Refusal.NameTaken.class);
        assertRefused(() -> server.look(BOX, ALICE, taken), Refusal.UploadUnknown.class);

        final UploadId damaged = server.create(BOX, ALICE, announced("b.txt", "0123"), Map.of());
        assertRefused(() -> sendLast(server, damaged, 0, "01x3"), Refusal.DigestMismatch.class);
        assertRefused(() -> server.look(BOX, ALICE, damaged), Refusal.UploadUnknown.class);

        final UploadId tooMuch = server.create(limited(9), ALICE, announced("c.txt", 4), Map.of());
        try (Append append = server.append(limited(9), ALICE, tooMuch, 0, NOBODY_ELSE)) {
            append.write(bytes("0123"), Retainable.NEVER);
            Files.writeString(alice.resolve("by hand"), "x");
            alice.clock().pass(Duration.ofMinutes(1));
            assertRefused(() -> complete(append), Refusal.QuotaExceeded.class);
        }
        assertRefused(() -> server.look(BOX, ALICE, tooMuch), Refusal.UploadUnknown.class);
        assertThat(alice.published()).containsExactlyInAnyOrder("a.txt", "by hand");
    }

    @Test
    void whatIsStoredAlreadyIsAnsweredWithItsReceipt() throws Exception {
        Files.writeString(alice.resolve("a.txt"), "0123");
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", "0123"), Map.of());

        final List<Receipt> receipts = sendLast(server, id, 0, "0123");

        assertThat(receipts).extracting(Receipt::name).containsExactly("a.txt");
        assertThat(server.look(BOX, ALICE, id).receipts()).contains(receipts);
        assertThat(alice.names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void replacesWhereThatIsAllowed() throws Exception {
        Files.writeString(alice.resolve("a.txt"), "old");
        final ResumableReceiver replacing = alice.server(new Receiver.Limits(MAX_FILE_SIZE, 0, Existing.REPLACE));
        final UploadId id = replacing.create(BOX, ALICE, announced("a.txt", 3), Map.of());
        sendLast(replacing, id, 0, "new");
        assertThat(alice.resolve("a.txt")).hasContent("new");
        assertThat(alice.names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void refusesWhatIsTooSmallAsSoonAsThatIsKnown() throws Exception {
        final ResumableReceiver server = alice.server(new Receiver.Limits(4, MAX_FILE_SIZE, 0, Existing.REFUSE, true));
        assertRefused(() -> server.create(BOX, ALICE, announced("a.txt", 3), Map.of()), Refusal.TooSmall.class);
        final UploadId id = server.create(BOX, ALICE, announced("a.txt"), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            assertRefused(() -> append.announce(3), Refusal.TooSmall.class);
        }
        assertRefused(() -> sendLast(server, id, 0, "012"), Refusal.TooSmall.class);
        assertThat(alice.names()).isEmpty();
    }

    @Test
    void replacesNothingByWhatWasToBeNew() throws Exception {
        final ResumableReceiver replacing = alice.server(new Receiver.Limits(MAX_FILE_SIZE, 0, Existing.REPLACE));
        final Announcement onlyNew = new Announcement(Optional.of("a.txt"), OptionalLong.of(3),
                Map.of(DigestAlgorithm.SHA_256, sha256("new")), false, true);
        final UploadId id = replacing.create(BOX, ALICE, onlyNew, Map.of());
        Files.writeString(alice.resolve("a.txt"), "new");

        assertRefused(() -> replacing.create(BOX, ALICE, onlyNew, Map.of()), Refusal.NameNotNew.class);
        assertRefused(() -> sendLast(replacing, id, 0, "new"), Refusal.NameNotNew.class);
        assertThat(alice.names()).containsExactly("a.txt");
    }

    @Test
    void crashBetweenPublicationAndAnswerStoresItOnce() throws Exception {
        for (final Optional<String> name : List.of(Optional.of("a.txt"), Optional.<String>empty())) {
            final UploadId id = server.create(BOX, ALICE,
                    new Announcement(name, OptionalLong.of(4), Map.of(), false, name.isPresent()), Map.of());
            final List<Receipt> receipts = sendLast(server, id, 0, "0123");
            // As it was before the name of the data file was removed
            Files.createLink(alice.resolve("." + id + ".upload.~tmp"), alice.resolve(receipts.get(0).name()));
            alice.clock().pass(Duration.ofSeconds(5));
            final ResumableReceiver restarted = alice.server();

            assertThat(restarted.look(BOX, ALICE, id)).satisfies(found -> {
                assertThat(found.offset()).isEqualTo(4);
                assertThat(found.isComplete()).isFalse();
            });
            final List<Receipt> again = sendLast(restarted, id, 4, "");
            assertThat(again).extracting(Receipt::withoutEntry).containsExactly(receipts.get(0).withoutEntry());
            assertThat(restarted.look(BOX, ALICE, id).receipts()).contains(again);
        }
        assertThat(alice.published()).hasSize(2);
    }

    @Test
    void inventoryListsAndRemovesAllButWhatIsOpen() throws Exception {
        final UploadInventory inventory = new UploadInventory(alice.store(), WEEK);
        final UploadId pending = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        final UploadId complete = server.create(BOX, ALICE, announced("b.txt", 1), Map.of());
        sendLast(server, complete, 0, "x");
        assertThat(inventory.list("alice")).extracting(UploadResource::id).containsExactlyInAnyOrder(pending, complete);
        assertThat(inventory.list("alice")).filteredOn(UploadResource::isComplete).extracting(UploadResource::id)
                .containsExactly(complete);

        final Append append = server.append(BOX, ALICE, pending, 0, NOBODY_ELSE);
        assertRefused(() -> inventory.remove("alice", pending), Refusal.UploadBusy.class);
        append.close();
        inventory.remove("alice", pending);
        inventory.remove("alice", complete);
        assertThat(alice.names()).containsExactly("b.txt");
    }
}
