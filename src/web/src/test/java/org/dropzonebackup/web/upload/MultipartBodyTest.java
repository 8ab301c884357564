package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dropzonebackup.core.store.Retainable;
import org.dropzonebackup.web.problem.Problem;
import org.dropzonebackup.web.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done with a form whose sender is not known yet. */
class MultipartBodyTest {

    private final List<Consumer<Problem>> waiting = new ArrayList<>();
    private final List<Throwable> ends = new ArrayList<>();

    /** Memory that counts who holds it. */
    private static final class Memory implements Retainable {

        private final boolean retainable;
        private int holders;

        Memory(final boolean retainable) {
            this.retainable = retainable;
        }

        @Override
        public boolean retain() {
            holders += retainable ? 1 : 0;
            return retainable;
        }

        @Override
        public void release() {
            holders--;
        }
    }

    private Suspension ask(final Memory memory, final FormLogin login) throws Exception {
        final MultipartBody body = new MultipartBody("b", new MultipartBody.Sender(
                new SenderFields(null, login), null, null), UploadContext.Workers.DIRECT);
        final ByteBuffer in = ByteBuffer.wrap("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\ncontent"
                .getBytes(StandardCharsets.US_ASCII));
        final Suspension work = body.accept(in, memory).orElseThrow();
        assertThat(in.hasRemaining()).isFalse();
        return work;
    }

    /** Copies on the heap, for each form that waits for a hash, left no memory for the hashes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retainsWhatCameUntilTheSenderIsKnown(final boolean retainable) throws Exception {
        final Memory memory = new Memory(retainable);
        final Suspension work = ask(memory, (request, user, password, admitted, refused) -> waiting.add(refused));
        work.begin(ends::add);
        assertThat(memory.holders).isEqualTo(retainable ? 1 : 0);
        assertThat(ends).isEmpty();

        waiting.get(0).accept(Problem.forbidden());

        assertThat(memory.holders).isZero();
        assertThat(ends).singleElement().isInstanceOf(ProblemException.class);
    }

    @Test
    void releasesWhatCameWhenTheSenderCannotBeJudged() throws Exception {
        final Memory memory = new Memory(true);
        final Error fault = new OutOfMemoryError("Java heap space");
        ask(memory, (request, user, password, admitted, refused) -> {
            throw fault;
        }).begin(ends::add);

        assertThat(memory.holders).isZero();
        assertThat(ends).containsExactly(fault);
    }
}
