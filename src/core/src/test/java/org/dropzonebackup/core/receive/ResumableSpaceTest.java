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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dropzonebackup.core.refusal.Refusal;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.core.store.UploadId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quota and space, where files come in pieces. */
class ResumableSpaceTest {

    private AlicesBox alice;
    private ResumableReceiver server;

    @BeforeEach
    void createBox(@TempDir final Path base) throws IOException {
        alice = new AlicesBox(base);
        server = alice.server();
    }

    @Test
    void whatIsThereIsPublishedThoughTheDeviceIsFullNow() throws Exception {
        final UploadId whole = server.create(BOX, ALICE, announced("a.txt", 4), Map.of());
        send(server, BOX, whole, 0, "0123");
        final UploadId part = server.create(BOX, ALICE, announced("b.txt", 4), Map.of());
        send(server, BOX, part, 0, "012");
        final ResumableReceiver full = alice.fullServer();

        assertRefused(() -> sendLast(full, part, 3, "3"), Refusal.StorageFull.class);
        assertThat(server.look(BOX, ALICE, part).offset()).isEqualTo(3);
        sendLast(full, whole, 4, "");
        assertThat(alice.resolve("a.txt")).hasContent("0123");
    }

    @Test
    void quotaCountsWhatIsStillToCome() throws Exception {
        final DropBox ten = limited(10);
        Files.writeString(alice.resolve("there"), "12");
        final UploadId six = server.create(ten, ALICE, announced("a", 6), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);
        assertRefused(() -> alice.server().create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);

        send(server, ten, six, 0, "012");
        assertRefused(() -> alice.server().create(ten, ALICE, announced("b", 3), Map.of()), Refusal.QuotaExceeded.class);
        final UploadId two = server.create(ten, ALICE, announced("b", 2), Map.of());
        assertRefused(() -> server.create(ten, ALICE, announced("c", 1), Map.of()), Refusal.QuotaExceeded.class);

        server.cancel(ten, ALICE, two);
        try (Append append = server.append(ten, ALICE, six, 3, NOBODY_ELSE)) {
            append.write(bytes("345"), Retainable.NEVER);
            complete(append);
        }
        assertRefused(() -> server.create(ten, ALICE, announced("c", 3), Map.of()), Refusal.QuotaExceeded.class);
        server.create(ten, ALICE, announced("c", 2), Map.of());
    }

    @Test
    void quotaGrowsWithWhatHasNoLength() throws Exception {
        final DropBox ten = limited(10);
        final UploadId id = server.create(ten, ALICE, announced("a"), Map.of());
        send(server, ten, id, 0, "0123456");
        assertRefused(() -> server.create(ten, ALICE, announced("b", 4), Map.of()), Refusal.QuotaExceeded.class);
        try (Append append = server.append(ten, ALICE, id, 7, NOBODY_ELSE)) {
            assertRefused(() -> append.announce(11), Refusal.QuotaExceeded.class);
            append.write(bytes("78"), Retainable.NEVER);
            assertRefused(() -> append.write(bytes("9x"), Retainable.NEVER), Refusal.QuotaExceeded.class);
            append.checkpoint();
        }
        assertThat(server.look(ten, ALICE, id).offset()).isEqualTo(9);
        try (Append append = server.append(ten, ALICE, id, 9, NOBODY_ELSE)) {
            append.announce(10);
            assertRefused(() -> server.create(ten, ALICE, announced("b", 1), Map.of()), Refusal.QuotaExceeded.class);
            append.write(bytes("9"), Retainable.NEVER);
            complete(append);
        }
        assertThat(alice.resolve("a")).hasContent("0123456789");
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
        assertThat(alice.names()).hasSize(20);
    }
}
