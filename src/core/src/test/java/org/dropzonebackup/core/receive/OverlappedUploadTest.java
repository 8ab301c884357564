package org.dropzonebackup.core.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.core.journal.TestJournals;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.FileName;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.dropzonebackup.core.store.local.LocalStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlappedUploadTest {

    private static final int LENGTH = 3_000_000;
    private static final Owner ALICE = new Owner(Optional.of("alice"), "tus");
    private static final DropBox BOX = new DropBox("alice", OptionalLong.empty());

    private final Random random = new Random(42);
    private final ExecutorService helpers = Executors.newFixedThreadPool(2);
    /** How much memory is lent. */
    private final AtomicInteger held = new AtomicInteger();
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
        receiver = new Receiver(store, new FileName.Rules(".~tmp", false), new Receiver.Limits(1 << 30, 0, Existing.REFUSE),
                Clock.systemUTC(), System::nanoTime, helpers, (home, path) -> false,
                TestJournals.in(base));
        resumable = new ResumableReceiver(receiver, Duration.ofDays(7), Clock.systemUTC());
    }

    @AfterEach
    void endHelpers() {
        helpers.shutdown();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 40_000, 131_072, 262_144, 1_000_000, LENGTH})
    void keepsEveryByteInItsPlaceWhateverThePieces(final int largest) throws Exception {
        try (UploadTransaction transaction = receiver.open(BOX)) {
            final IncomingFile file =
                    transaction.begin(new Announcement(Optional.of("a"), OptionalLong.of(LENGTH), Map.of(), false));
            while (file.size() < LENGTH) {
                write(file, (int) file.size(), 1 + random.nextInt(largest));
            }
            file.finish();
            assertStored(transaction.commit());
        }
        awaitThatNobodyHoldsAny();
    }

    @Test
    void givesBackTheMemoryOfAnUploadThatIsGivenUp() throws Exception {
        try (UploadTransaction transaction = receiver.open(BOX)) {
            final IncomingFile file =
                    transaction.begin(new Announcement(Optional.of("a"), OptionalLong.empty(), Map.of(), false));
            for (int i = 0; i < 20; i++) {
                write(file, 0, LENGTH);
            }
        }
        awaitThatNobodyHoldsAny();
    }

    @Test
    void hasAllInTheStoreAtACheckpoint() throws Exception {
        final UploadId id = resumable.create(BOX, ALICE,
                new Announcement(Optional.of("a"), OptionalLong.of(LENGTH), Map.of(), false), Map.of());
        long offset = 0;
        while (offset < LENGTH) {
            try (Append append = resumable.append(BOX, ALICE, id, offset, () -> { })) {
                for (int i = 0; i < 3 && append.offset() < LENGTH; i++) {
                    write(append, 200_000 + random.nextInt(200_000));
                }
                append.checkpoint();
                offset = append.offset();
                write(append, 400_000);
            }
            assertThat(resumable.look(BOX, ALICE, id).offset()).as("what is not checkpointed is forgotten").isEqualTo(offset);
        }
        try (Append append = resumable.append(BOX, ALICE, id, offset, () -> { })) {
            assertStored(append.complete(AlicesBox.NO_BODY).commit());
        }
        awaitThatNobodyHoldsAny();
    }

    private void write(final IncomingFile file, final int from, final int most) throws Exception {
        final Memory memory = new Memory(from, most);
        file.write(memory.bytes, memory);
        assertThat(memory.bytes.hasRemaining()).isFalse();
        memory.release();
    }

    private void write(final Append append, final int most) throws Exception {
        final Memory memory = new Memory((int) append.offset(), most);
        append.write(memory.bytes, memory);
        memory.release();
    }

    private void awaitThatNobodyHoldsAny() throws Exception {
        helpers.shutdown();
        assertThat(helpers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(held).hasValue(0);
    }

    /** A part of the content, until nobody holds it any more: something else then. */
    private final class Memory implements Retainable {

        private final ByteBuffer bytes;
        private final AtomicInteger holders = new AtomicInteger(1);

        Memory(final int from, final int most) {
            bytes = ByteBuffer.allocateDirect(Math.min(most, LENGTH - from));
            bytes.put(content, from, bytes.capacity()).flip();
            held.incrementAndGet();
        }

        @Override
        public boolean retain() {
            return holders.incrementAndGet() > 1;
        }

        @Override
        public void release() {
            if (holders.decrementAndGet() == 0) {
                bytes.clear().put(new byte[bytes.capacity()]);
                held.decrementAndGet();
            }
        }
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
}
