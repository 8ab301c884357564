package org.dropzonebackup.web.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {

    private static final String BOUNDARY = "--a-b";

    @Test
    void findsTheSamePartsAsCommonsFileUploadHoweverTheBodyIsCut() throws Exception {
        final Random random = new Random(20261124);
        for (int round = 0; round < 3_000; round++) {
            final byte[] body = body(random);
            assertThat(read(body, 1 + random.nextInt(1 + body.length), random)).as("round %d", round)
                    .isEqualTo(oracle(body));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no boundary at all", "----a-b", "----a-bX\r\n\r\n\r\n----a-b--", "----a-b\r\nA: b\r\n\r\ncontent"})
    void doesNotEndWithoutTheClosingBoundary(final String body) {
        final MultipartReader reader = new MultipartReader(BOUNDARY);
        try {
            final ByteBuffer in = ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1));
            while (reader.next(in) != MultipartReader.Event.NEED_INPUT) {
                assertThat(reader.ended()).isFalse();
            }
        } catch (final RefusedException refused) {
            assertThat(refused).hasMessageContaining("multipart");
        }
        assertThat(reader.ended()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ----a-b~A: b~~content~----a-b--~                    | in LF alone
            preamble~----a-b~A: b~~content~----a-b--~           | with CR and LF
            ----a-b^A: b~~content^----a-b--^                    | in LF alone
            ----a-b^A: b^^content~----a-b--~                    | in LF alone
            ----a-b^A: b^^content~----a-b--                     | in LF alone
            ----a-b^A: b^^content^----a-b                       | ends in two dashes
            ----a-b^A: b^^content^----a-b^                      | ends in two dashes
            ----a-b^A: b^^content^----a-b-                      | ends in two dashes
            ----a-b^A: b^^content^--a-b--^                      | the line that should close it
            ----a-b^A: b^^content^------a-b--^                  | the line that should close it
            --a-b^A: b^^content^--a-b--^                        | two dashes and the boundary
            ------a-b^A: b^^content^------a-b--^                | two dashes and the boundary
            --other^A: b^^content^--other--^                    | two dashes and the boundary
            ----a-bc^A: b^^content^----a-bc--^                  | neither a line end
            ----a-b^A: b^^content^----                          | cut off
            ----a-b^A: b^^content                               | cut off
            ----a-b^A: b                                        | cut off in the headers
            ----a-b^A: b^^content^----a-b--^----a-b^A: b^^more^----a-b--^ | a part follows
            """)
    void saysWhatIsWrongWithItsBoundaries(final String marked, final String sentence) {
        final byte[] body = marked.replace("^", "\r\n").replace("~", "\n").getBytes(StandardCharsets.ISO_8859_1);
        for (final int longest : new int[] {body.length, 1, 7}) {
            final MultipartReader reader = new MultipartReader(BOUNDARY);
            assertThatThrownBy(() -> readAll(reader, body, longest)).isInstanceOf(RefusedException.class)
                    .hasMessageContaining(sentence);
        }
    }

    private static void readAll(final MultipartReader reader, final byte[] body, final int longest) throws RefusedException {
        for (int from = 0; from < body.length; from += longest) {
            final ByteBuffer in = ByteBuffer.wrap(body, from, Math.min(longest, body.length - from));
            for (MultipartReader.Event event = reader.next(in); event != MultipartReader.Event.NEED_INPUT; event = reader.next(in)) {
                assertThat(event).isNotNull();
            }
        }
        reader.requireEnd();
    }

    @Test
    void ignoresWhatFollowsAndIsNoPart() throws Exception {
        for (final String epilogue : new String[] {"", "\r\n", "\n", "more", "\r\n----a-b--", "\r\n----a-bc\r\n", "\r\n----a-b"}) {
            readAll(new MultipartReader(BOUNDARY), ("----a-b\r\n\r\ncontent\r\n----a-b--" + epilogue).getBytes(StandardCharsets.ISO_8859_1), 3);
        }
    }

    @Test
    void limitsTheHeadersOfAPart() {
        final String endless = "----a-b\r\n" + "X: y\r\n".repeat(4000);
        final MultipartReader reader = new MultipartReader(BOUNDARY);
        assertThatThrownBy(() -> reader.next(ByteBuffer.wrap(endless.getBytes(StandardCharsets.ISO_8859_1))))
                .isInstanceOf(RefusedException.class).hasMessageContaining("16384 bytes");
    }

    @Test
    void limitsWhatStandsBeforeTheFirstBoundary() {
        final MultipartReader reader = new MultipartReader(BOUNDARY);
        assertThatThrownBy(() -> reader.next(ByteBuffer.allocate(100_000)))
                .isInstanceOf(RefusedException.class).hasMessageContaining("65536 bytes");
    }

    /** Contents made of what delimiters are made of, and none of them one: what may follow it differs between readers. */
    private static byte[] body(final Random random) {
        final String[] letters = {"\r", "\n", "-", "--", "a", "b", "\r\n--", "\r\n----a-", "x", "\r\n----a"};
        final StringBuilder body = new StringBuilder(random.nextBoolean() ? "" : "preamble\r\n");
        final int parts = 1 + random.nextInt(4);
        for (int part = 0; part < parts; part++) {
            body.append("----a-b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n");
            final StringBuilder content = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                content.append(letters[random.nextInt(letters.length)]);
            }
            body.append(content.toString().replace("----a-b", "----a-x")).append("\r\n");
        }
        final String complete = body.append("----a-b--").append(random.nextBoolean() ? "\r\n" : "").toString();
        return complete.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> read(final byte[] body, final int longest, final Random random) {
        final List<String> parts = new ArrayList<>();
        final MultipartReader reader = new MultipartReader(BOUNDARY);
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int from = 0;
        try {
            while (from < body.length) {
                final int length = Math.min(body.length - from, 1 + random.nextInt(longest));
                final ByteBuffer in = ByteBuffer.wrap(body, from, length).slice();
                for (MultipartReader.Event event = reader.next(in); event != MultipartReader.Event.NEED_INPUT;
                        event = reader.next(in)) {
                    if (event == MultipartReader.Event.DATA) {
                        final ByteBuffer data = reader.data();
                        content.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
                    } else if (event == MultipartReader.Event.PART_END) {
                        parts.add(content.toString(StandardCharsets.ISO_8859_1));
                        content.reset();
                    }
                }
                from += length;
            }
        } catch (final RefusedException e) {
            return List.of("refused");
        }
        return reader.ended() ? parts : List.of("refused");
    }

    private static List<String> oracle(final byte[] body) {
        final List<String> parts = new ArrayList<>();
        try {
            final MultipartInput input = MultipartInput.builder()
                    .setInputStream(new ByteArrayInputStream(body))
                    .setBoundary(BOUNDARY.getBytes(StandardCharsets.ISO_8859_1)).get();
            boolean more = input.skipPreamble();
            while (more) {
                input.readHeaders();
                final ByteArrayOutputStream content = new ByteArrayOutputStream();
                input.readBodyData(content);
                parts.add(content.toString(StandardCharsets.ISO_8859_1));
                more = input.readBoundary();
            }
        } catch (final IOException e) {
            return List.of("refused");
        }
        return parts;
    }
}
