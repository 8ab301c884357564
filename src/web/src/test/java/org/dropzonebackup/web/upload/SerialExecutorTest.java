package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

    private final List<String> done = new ArrayList<>();
    private final SerialExecutor sequence = new SerialExecutor(task -> {
        done.add("(");
        task.run();
        done.add(")");
    });

    @Test
    void runsWhatComesInBetweenAfterwards() {
        sequence.run(() -> {
            sequence.run(() -> done.add("second"));
            done.add("first");
        });
        assertThat(done).containsExactly("(", "first", ")", "(", "second", ")");
    }

    @Test
    void tellsALongTaskThatAnotherWaits() {
        sequence.run(() -> {
            assertThat(sequence.isAwaited()).isFalse();
            sequence.run(() -> {
                done.add("second");
                assertThat(sequence.isAwaited()).as("the rest of the first").isTrue();
            });
            assertThat(sequence.isAwaited()).isTrue();
            sequence.run(() -> done.add("rest of the first"));
        });
        assertThat(done).filteredOn(text -> text.length() > 1).containsExactly("second", "rest of the first");
        assertThat(sequence.isAwaited()).isFalse();
    }
}
