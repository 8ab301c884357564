package org.dropzonebackup.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.dropzonebackup.core.threads.Action;
import org.junit.jupiter.api.Test;

/**
 * All that a {@link Store} promises. Every store passes it: a test class of its own extends this one, and says how to make a
 * store. What is particular to one store is tested beside that store.
 */
public abstract class StoreContract extends UploadContract {

    @Test
    void directoriesAreKnownByWhomTheyBelongTo() throws Exception {
        assertThat(store.open("alice").identity()).isEqualTo(directory.identity()).hasSameHashCodeAs(directory.identity());
        assertThat(store.open("bob").identity()).isNotEqualTo(directory.identity());
        put("a", "content");
        assertThat(store.open("bob").find(path("a"))).isEmpty();
    }

    @Test
    void capacityIsThatOfAllDirectoriesThatShareIt() throws Exception {
        assertThat(directory.capacity().usable()).isPositive();
        assertThat(store.open("bob").capacity()).isEqualTo(directory.capacity()).hasSameHashCodeAs(directory.capacity());
    }

    @Test
    void sweepingTakesWhatNobodyGoesOnWith() throws Exception {
        final StagedFile abandoned = staged(newStore(threads).open("alice"), "of a server that was killed");
        final UploadId unfinished = create(4);
        final UploadId complete = create(4);
        append(complete, "0123");
        try (PendingUpload upload = resume(complete)) {
            record(upload, 4, true);
            directory.publish(List.of(new Publication(upload, path("a"), false)), Action::run);
        }
        store.sweep(List.of("missing", "alice"), Instant.now().minusSeconds(3600));
        assertThat(abandoned.isWritten()).isTrue();
        assertThat(leftovers()).as("what is young stays").isPositive();
        assertThat(directory.uploads()).extracting(UploadRecord::id).containsExactlyInAnyOrder(unfinished, complete);

        store.sweep(List.of("missing", "bob"), Instant.now().plusSeconds(3600));
        assertThat(directory.uploads()).hasSize(2);
        store.sweep(List.of("missing", "alice"), Instant.now().plusSeconds(3600));
        assertThat(directory.uploads()).isEmpty();
        assertNothingLeft();
        assertContent(path("a"), "0123");
    }

    @Test
    void sweepingTouchesNothingThatIsOpen() throws Exception {
        final UploadId id = create(4);
        append(id, "01");
        try (StagedFile file = staged("content");
                PendingUpload upload = newStore(threads).open("alice").resume(id, OptionalLong.empty()).orElseThrow()) {
            store.sweep(List.of("alice"), Instant.now().plusSeconds(3600));
            upload.write(bytes("23"), Retainable.NEVER);
            upload.sync();
            record(upload, 4, false);
            directory.publish(List.of(new Publication(file, path("a"), false)), Action::run);
        }
        assertContent(path("a"), "content");
        assertThat(directory.look(id)).map(record -> record.state().offset()).contains(4L);
    }

    @Test
    void removalsThatAreTriedAgainTouchNothingElse() throws Exception {
        put("a", "content");
        final UploadId id = create(4);
        try (StagedFile file = staged("content")) {
            store.retryRemovals();
            directory.publish(List.of(new Publication(file, path("b"), false)), Action::run);
        }
        assertContent(path("a"), "content");
        assertThat(directory.look(id)).isPresent();
    }
}
