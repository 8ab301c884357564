package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatheringTest {

    private static final int LENGTH = 3_000_000;
    private static final Owner ALICE = new Owner(Optional.of("alice"), "tus");
    private static final DropBox BOX = new DropBox("alice", OptionalLong.empty());

    private final Random random = new Random(42);
    private final ExecutorService helpers = Executors.newFixedThreadPool(2);
    private final byte[] content = new byte[LENGTH];
    @TempDir
    private Path base;
    private Path box;
    private Receiver receiver;
    private ResumableReceiver resumable;

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(base.resolve("alice"));
        random.nextBytes(content);
        final LocalStore store = new LocalStore(base, ".~tmp", false, true, Runnable::run);
        receiver = new Receiver(store, new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 30, 0, false),
                Clock.systemUTC(), System::nanoTime, helpers);
        resumable = new ResumableReceiver(receiver, store, Duration.ofDays(7), Clock.systemUTC());
    }

    @AfterEach
    void endHelpers() {
        helpers.shutdown();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 40_000, 131_072, 262_144, 1_000_000, LENGTH})
    void keepsEveryByteInItsPlaceWhateverThePieces(final int largest) throws Exception {
        try (Reception reception = receiver.open(BOX)) {
            reception.begin(new Announcement(Optional.of("a"), OptionalLong.of(LENGTH), Map.of(), false));
            for (int sent = 0; sent < LENGTH;) {
                sent += write(reception, sent, 1 + random.nextInt(largest));
            }
            reception.finish();
            assertStored(reception.commit());
        }
    }

    @Test
    void lendsItsFewBlocksToAsManyUploadsAsCome() throws Exception {
        final List<Reception> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            final Reception one = receiver.open(BOX);
            one.begin(new Announcement(Optional.of("a" + i), OptionalLong.of(LENGTH), Map.of(), false));
            write(one, 0, 100_000);
            many.add(one);
        }
        assertThat(receiver.blocks().take()).as("all are lent").isEmpty();

        many.get(49).write(ByteBuffer.wrap(content, 100_000, LENGTH - 100_000));
        many.get(49).finish();
        assertThat(many.get(49).commit()).first().extracting(Receipt::sha256).isEqualTo(sha256());
        for (final Reception one : many) {
            one.close();
        }
        assertThat(receiver.blocks().take()).as("those who gave up gave them back").isPresent();
        assertThat(names()).containsExactly("a49");
    }

    @Test
    void hasAllInTheStoreAtACheckpoint() throws Exception {
        final UploadId id = resumable.create(BOX, ALICE,
                new Announcement(Optional.of("a"), OptionalLong.of(LENGTH), Map.of(), false), Map.of());
        long offset = 0;
        while (offset < LENGTH) {
            try (Append append = resumable.append(BOX, ALICE, id, offset, () -> { })) {
                for (int i = 0; i < 3 && append.offset() < LENGTH; i++) {
                    append.write(piece((int) append.offset(), 50_000 + random.nextInt(200_000)));
                }
                append.checkpoint();
                offset = append.offset();
                append.write(piece((int) offset, 40_000));
            }
            assertThat(resumable.look(BOX, ALICE, id).offset()).as("what is not checkpointed is forgotten").isEqualTo(offset);
        }
        try (Append append = resumable.append(BOX, ALICE, id, offset, () -> { })) {
            assertStored(append.complete());
        }
    }

    private int write(final Reception reception, final int from, final int most) throws Exception {
        final ByteBuffer piece = piece(from, most);
        final int count = piece.remaining();
        reception.write(piece);
        assertThat(piece.hasRemaining()).isFalse();
        return count;
    }

    private ByteBuffer piece(final int from, final int most) {
        return ByteBuffer.wrap(content, from, Math.min(most, LENGTH - from));
    }

    private void assertStored(final List<Receipt> receipts) throws Exception {
        assertThat(receipts).singleElement().satisfies(receipt -> {
            assertThat(receipt.size()).isEqualTo(LENGTH);
            assertThat(receipt.sha256()).isEqualTo(sha256());
        });
        assertThat(box.resolve("a")).hasBinaryContent(content);
    }

    private String sha256() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
