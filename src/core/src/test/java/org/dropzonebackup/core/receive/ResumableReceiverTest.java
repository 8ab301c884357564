package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumableReceiverTest {

    private static final Owner ALICE = new Owner(Optional.of("alice"), "tus");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final DropBox BOX = new DropBox("alice", OptionalLong.empty());
    private static final Runnable NOBODY_ELSE = () -> {
        throw new AssertionError("nobody wants it");
    };

    private final SettableClock clock = new SettableClock();
    @TempDir
    private Path base;
    private Path box;
    private ResumableReceiver server;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
        server = server(false);
    }

    @Test
    void storesWhatComesInSeveralRequests() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 11), Map.of("metadata", "ä=\n\\"));
        assertThat(look(id)).satisfies(created -> {
            assertThat(created.offset()).isZero();
            assertThat(created.length()).hasValue(11);
            assertThat(created.notes()).containsExactly(Map.entry("metadata", "ä=\n\\"));
            assertThat(created.submittedName()).contains("a.txt");
            assertThat(created.isComplete()).isFalse();
        });

        send(server, id, 0, "first ");
        assertThat(look(id).offset()).isEqualTo(6);
        assertThat(published()).isEmpty();
        final List<Receipt> receipts = sendLast(server, id, 6, "again");

        assertThat(box.resolve("a.txt")).hasContent("first again");
        assertThat(receipts).singleElement().satisfies(receipt -> {
            assertThat(receipt.name()).isEqualTo("a.txt");
            assertThat(receipt.size()).isEqualTo(11);
            assertThat(receipt.sha256()).isEqualTo(HexFormat.of().formatHex(sha256("first again")));
        });
        assertThat(look(id).receipts()).as("whoever lost the answer learns it").contains(receipts);
        assertThat(look(id).offset()).isEqualTo(11);
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void keepsWhatWasCheckpointedAndNoMore() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("01234"));
            append.checkpoint();
            append.write(bytes("xxx"));
        }
        assertThat(look(id).offset()).isEqualTo(5);
        sendLast(server, id, 5, "56789");
        assertThat(box.resolve("a.txt")).hasContent("0123456789");
    }

    @Test
    void saysWhereToGoOn() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        send(server, id, 0, "0123");
        assertThatThrownBy(() -> server.append(BOX, ALICE, id, 5, NOBODY_ELSE)).isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(new Refusal.WrongOffset(4, 5)));
    }

    @Test
    void takesNoMoreThanTheLength() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("012"));
            assertRefused(() -> append.write(bytes("34")), Refusal.LengthChanged.class);
            assertRefused(append::complete, Refusal.LengthChanged.class);
            append.checkpoint();
        }
        assertThat(look(id).offset()).isEqualTo(3);
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

        assertThat(names()).as("the published file stays").containsExactly("a.txt");
    }

    @Test
    void cancelledOrExpiredIsUnknown() throws Exception {
        final UploadId cancelled = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        server.cancel(BOX, ALICE, cancelled);
        assertRefused(() -> look(cancelled), Refusal.UploadUnknown.class);
        assertThat(names()).isEmpty();

        final UploadId expiring = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        final Instant expires = look(expiring).expires();
        clock.pass(WEEK.minusMinutes(1));
        assertThat(look(expiring).expires()).isEqualTo(expires);
        clock.pass(Duration.ofMinutes(2));
        assertRefused(() -> look(expiring), Refusal.UploadUnknown.class);
    }

    @Test
    void serversTakeTurns() throws Exception {
        final byte[] content = new byte[1_000_000];
        new Random(7).nextBytes(content);
        final List<ResumableReceiver> servers = List.of(server, server(false));
        final UploadId id = server.create(BOX, ALICE, new Announcement(Optional.of("a.bin"), OptionalLong.of(content.length),
                Map.of(DigestAlgorithm.SHA_512, MessageDigest.getInstance("SHA-512").digest(content)), false), Map.of());
        final int piece = 70_001;
        List<Receipt> receipts = List.of();
        for (int offset = 0, turn = 0; offset < content.length; offset += piece, turn++) {
            final int end = Math.min(content.length, offset + piece);
            try (Append append = servers.get(turn % 2).append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
                append.write(ByteBuffer.wrap(content, offset, end - offset));
                if (end == content.length) {
                    receipts = append.complete();
                } else {
                    append.checkpoint();
                }
            }
        }
        assertThat(receipts).singleElement().extracting(Receipt::sha256)
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        assertThat(box.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    void oneRequestAtATime() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", 10), Map.of());
        final ResumableReceiver other = server(false);
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
        older.write(bytes("0123"));

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
    void lengthMayBeToldLater() throws Exception {
        final UploadId id = server.create(BOX, ALICE, announced("a.txt"), Map.of());
        send(server, id, 0, "01234");
        try (Append append = server.append(BOX, ALICE, id, 5, NOBODY_ELSE)) {
            assertRefused(() -> append.announce(4), Refusal.LengthChanged.class);
            assertRefused(() -> append.announce(2 << 20), Refusal.TooLarge.class);
            append.announce(10);
            append.announce(10);
            assertRefused(() -> append.announce(11), Refusal.LengthChanged.class);
        }
        assertThat(look(id).length()).hasValue(10);
        sendLast(server, id, 5, "56789");

        final UploadId never = server.create(BOX, ALICE, announced("b.txt"), Map.of());
        sendLast(server, never, 0, "012");
        assertThat(look(never).length()).hasValue(3);
    }

    @Test
    void refusesAtCreationWhatIsKnownThen() throws Exception {
        Files.writeString(box.resolve("there.txt"), "there");
        assertRefused(() -> server.create(BOX, ALICE, announced("there.txt", 1), Map.of()), Refusal.NameTaken.class);
        assertRefused(() -> server.create(BOX, ALICE, announced("..", 1), Map.of()), Refusal.NameNotUsable.class);
        assertRefused(() -> server.create(BOX, ALICE, announced("big", 2 << 20), Map.of()), Refusal.TooLarge.class);
        assertRefused(() -> server.create(limited(7), ALICE, announced("a", 3), Map.of()), Refusal.QuotaExceeded.class);
        final ResumableReceiver greedy = server(false, Long.MAX_VALUE / 2);
        assertRefused(() -> greedy.create(BOX, ALICE, announced("a", 1), Map.of()), Refusal.StorageFull.class);
        assertThat(names()).containsExactly("there.txt");
    }

    @Test
    void whatNoRetryCanChangeIsItsEnd() throws Exception {
        final UploadId taken = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        Files.writeString(box.resolve("a.txt"), "there");
        assertRefused(() -> sendLast(server, taken, 0, "0123"), Refusal.NameTaken.class);
        assertRefused(() -> look(taken), Refusal.UploadUnknown.class);

        final UploadId damaged = server.create(BOX, ALICE, announced("b.txt", "0123"), Map.of());
        assertRefused(() -> sendLast(server, damaged, 0, "01x3"), Refusal.DigestMismatch.class);
        assertRefused(() -> look(damaged), Refusal.UploadUnknown.class);

        final UploadId tooMuch = server.create(limited(9), ALICE, announced("c.txt", 4), Map.of());
        try (Append append = server.append(limited(9), ALICE, tooMuch, 0, NOBODY_ELSE)) {
            append.write(bytes("0123"));
            Files.writeString(box.resolve("by hand"), "x");
            clock.pass(Duration.ofMinutes(1));
            assertRefused(append::complete, Refusal.QuotaExceeded.class);
        }
        assertRefused(() -> look(tooMuch), Refusal.UploadUnknown.class);
        assertThat(published()).containsExactlyInAnyOrder("a.txt", "by hand");
    }

    @Test
    void whatIsStoredAlreadyIsAnsweredWithItsReceipt() throws Exception {
        Files.writeString(box.resolve("a.txt"), "0123");
        final UploadId id = server.create(BOX, ALICE, announced("a.txt", "0123"), Map.of());

        final List<Receipt> receipts = sendLast(server, id, 0, "0123");

        assertThat(receipts).extracting(Receipt::name).containsExactly("a.txt");
        assertThat(look(id).receipts()).contains(receipts);
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void replacesWhereThatIsAllowed() throws Exception {
        Files.writeString(box.resolve("a.txt"), "old");
        final ResumableReceiver replacing = server(true);
        final UploadId id = replacing.create(BOX, ALICE, announced("a.txt", 3), Map.of());
        sendLast(replacing, id, 0, "new");
        assertThat(box.resolve("a.txt")).hasContent("new");
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "." + id + ".state.~tmp");
    }

    @Test
    void crashBetweenPublicationAndAnswerStoresItOnce() throws Exception {
        for (final Optional<String> name : List.of(Optional.of("a.txt"), Optional.<String>empty())) {
            final UploadId id = server.create(BOX, ALICE,
                    new Announcement(name, OptionalLong.of(4), Map.of(), false), Map.of());
            final List<Receipt> receipts = sendLast(server, id, 0, "0123");
            // As it was before the name of the data file was removed
            Files.createLink(box.resolve("." + id + ".upload.~tmp"), box.resolve(receipts.get(0).name()));
            clock.pass(Duration.ofSeconds(5));
            final ResumableReceiver restarted = server(false);

            assertThat(restarted.look(BOX, ALICE, id)).satisfies(found -> {
                assertThat(found.offset()).isEqualTo(4);
                assertThat(found.isComplete()).isFalse();
            });
            assertThat(sendLast(restarted, id, 4, "")).isEqualTo(receipts);
            assertThat(restarted.look(BOX, ALICE, id).receipts()).contains(receipts);
        }
        assertThat(published()).hasSize(2);
    }

    @Test
    void whatIsThereIsPublishedThoughTheDeviceIsFullNow() throws Exception {
        final UploadId whole = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        send(server, whole, 0, "0123");
        final UploadId part = server.create(BOX, ALICE, announced("b.txt", 4), Map.of());
        send(server, part, 0, "012");
        final ResumableReceiver full = server(false, Long.MAX_VALUE / 2);

        assertRefused(() -> sendLast(full, part, 3, "3"), Refusal.StorageFull.class);
        assertThat(look(part).offset()).isEqualTo(3);
        sendLast(full, whole, 4, "");
        assertThat(box.resolve("a.txt")).hasContent("0123");
    }

    @Test
    void quotaCountsWhatIsStillToCome() throws Exception {
        final DropBox ten = limited(10);
        Files.writeString(box.resolve("there"), "12");
        final UploadId six = server.create(ten, ALICE, announced("a", 6), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);
        assertRefused(() -> server(false).create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);

        send(ten, six, 0, "012");
        assertRefused(() -> server(false).create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);
        final UploadId two = server.create(ten, ALICE, announced("b", 2), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("c", 1), Map.of()), Refusal.QuotaExceeded.class);

        server.cancel(ten, ALICE, two);
        try (Append append = server.append(ten, ALICE, six, 3, NOBODY_ELSE)) {
            append.write(bytes("345"));
            append.complete();
        }
        assertRefused(() -> server.create(ten, ALICE, announced("c", 3), Map.of()), Refusal.QuotaExceeded.class);
        server.create(ten, ALICE, announced("c", 2), Map.of());
    }

    @Test
    void quotaGrowsWithWhatHasNoLength() throws Exception {
        final DropBox ten = limited(10);
        final UploadId id = server.create(ten, ALICE, announced("a"), Map.of());
        send(ten, id, 0, "0123456");
        assertRefused(() -> server.create(ten, ALICE, announced("b", 4), Map.of()), Refusal.QuotaExceeded.class);
        try (Append append = server.append(ten, ALICE, id, 7, NOBODY_ELSE)) {
            assertRefused(() -> append.announce(11), Refusal.QuotaExceeded.class);
            append.write(bytes("78"));
            assertRefused(() -> append.write(bytes("9x")), Refusal.QuotaExceeded.class);
            append.checkpoint();
        }
        assertThat(server.look(ten, ALICE, id).offset()).isEqualTo(9);
        try (Append append = server.append(ten, ALICE, id, 9, NOBODY_ELSE)) {
            append.announce(10);
            assertRefused(() -> server.create(ten, ALICE, announced("b", 1), Map.of()), Refusal.QuotaExceeded.class);
            append.write(bytes("9"));
            append.complete();
        }
        assertThat(box.resolve("a")).hasContent("0123456789");
    }

    @Test
    void quotaHoldsForParallelCreations() throws Exception {
        final DropBox fifty = limited(50);
        final ExecutorService clients = Executors.newFixedThreadPool(8);
        final List<Callable<Boolean>> creations = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            final String name = "file" + i;
            creations.add(() -> {
                try {
                    server.create(fifty, ALICE, announced(name, 5), Map.of());
                    return true;
                } catch (final RefusedException e) {
                    assertThat(e.refusal()).isInstanceOf(Refusal.QuotaExceeded.class);
                    return false;
                }
            });
        }
        int created = 0;
        for (final Future<Boolean> creation : clients.invokeAll(creations)) {
            created += creation.get() ? 1 : 0;
        }
        clients.shutdown();
        assertThat(created).isEqualTo(10);
        assertThat(names()).hasSize(20);
    }

    @Test
    void bodyIsReadBackOnceItIsComplete() throws Exception {
        final DropBox ten = limited(10);
        final UploadId id = server.createBody(ten, ALICE, OptionalLong.of(9), Map.of("boundary", "-"));
        send(ten, id, 0, "0123-");
        final List<Receipt> receipts;
        try (Append append = server.append(ten, ALICE, id, 5, NOBODY_ELSE)) {
            assertRefused(() -> append.unpack(Lines::new), Refusal.LengthChanged.class);
            append.write(bytes("4567"));
            assertThat(append.isBody()).isTrue();
            while (append.unpack(Lines::new)) {
                assertThat(append.offset()).isEqualTo(9);
            }
            receipts = append.complete();
        }
        assertThat(receipts).extracting(Receipt::name).containsExactly("part1", "part2");
        assertThat(box.resolve("part2")).hasContent("4567");
        assertThat(server.look(ten, ALICE, id).receipts()).contains(receipts);
        assertThat(names()).containsExactlyInAnyOrder("part1", "part2", "." + id + ".state.~tmp");
        server.create(ten, ALICE, announced("c", 2), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("d", 1), Map.of()), Refusal.QuotaExceeded.class);
    }

    @Test
    void bodyWithARefusedFileIsGoneAndStoresNothing() throws Exception {
        Files.writeString(box.resolve("part2"), "there");
        final UploadId id = server.createBody(BOX, ALICE, OptionalLong.empty(), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("0123-4567"));
            assertRefused(() -> append.unpack(Lines::new), Refusal.NameTaken.class);
        }
        assertThat(names()).containsExactly("part2");
    }

    @Test
    void bodyThatWasNotReadToItsEndIsReadAgain() throws Exception {
        final UploadId id = server.createBody(BOX, ALICE, OptionalLong.of(4), Map.of());
        try (Append append = server.append(BOX, ALICE, id, 0, NOBODY_ELSE)) {
            append.write(bytes("0123"));
            append.unpack(Lines::new);
        }
        assertThat(published()).isEmpty();
        try (Append append = server.append(BOX, ALICE, id, 4, NOBODY_ELSE)) {
            append.unpack(Lines::new);
            append.complete();
        }
        assertThat(box.resolve("part1")).hasContent("0123");
    }

    @Test
    void inventoryListsAndRemovesAllButWhatIsOpen() throws Exception {
        final UploadInventory inventory = new UploadInventory(store(), WEEK);
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
        assertThat(names()).containsExactly("b.txt");
    }

    /** A body whose files are separated by dashes. */
    private static final class Lines implements BodyParser {

        private final Reception reception;
        private int files;

        Lines(final Reception reception) {
            this.reception = reception;
        }

        @Override
        public void accept(final ByteBuffer body) throws RefusedException, IOException {
            for (final String content : StandardCharsets.UTF_8.decode(body).toString().split("-")) {
                files++;
                reception.begin(announced("part" + files));
                reception.write(bytes(content));
                reception.finish();
            }
        }

        @Override
        public void end() {
            assertThat(files).isPositive();
        }
    }

    private ResumableReceiver server(final boolean overwrite) {
        return server(overwrite, 0);
    }

    private ResumableReceiver server(final boolean overwrite, final long reserve) {
        final LocalStore store = store();
        return new ResumableReceiver(new Receiver(store, new FileName.Rules(".~tmp", false),
                new Receiver.Limits(1 << 20, reserve, overwrite), clock, clock::nanoTime, Runnable::run), store, WEEK, clock);
    }

    private LocalStore store() {
        return new LocalStore(base, ".~tmp", false, true, Runnable::run);
    }

    private static DropBox limited(final long quota) {
        return new DropBox("alice", OptionalLong.of(quota));
    }

    private UploadResource look(final UploadId id) throws RefusedException, IOException {
        return server.look(BOX, ALICE, id);
    }

    private static void send(final ResumableReceiver server, final UploadId id, final long offset, final String content)
            throws RefusedException, IOException {
        try (Append append = server.append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(bytes(content));
            append.checkpoint();
        }
    }

    private void send(final DropBox to, final UploadId id, final long offset, final String content)
            throws RefusedException, IOException {
        try (Append append = server.append(to, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(bytes(content));
            append.checkpoint();
        }
    }

    private static List<Receipt> sendLast(final ResumableReceiver server, final UploadId id, final long offset,
            final String content) throws RefusedException, IOException {
        try (Append append = server.append(BOX, ALICE, id, offset, NOBODY_ELSE)) {
            append.write(bytes(content));
            return append.complete();
        }
    }

    private static Announcement announced(final String name) {
        return new Announcement(Optional.of(name), OptionalLong.empty(), Map.of(), false);
    }

    private static Announcement announced(final String name, final long length) {
        return new Announcement(Optional.of(name), OptionalLong.of(length), Map.of(), false);
    }

    private static Announcement announced(final String name, final String content) throws Exception {
        return new Announcement(Optional.of(name), OptionalLong.of(content.length()),
                Map.of(DigestAlgorithm.SHA_256, sha256(content)), false);
    }

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(final String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> published() throws IOException {
        return names().stream().filter(name -> !name.endsWith(".~tmp")).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertRefused(final ThrowingCallable call, final Class<? extends Refusal> type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.refusal()).isInstanceOf(type));
    }
}
