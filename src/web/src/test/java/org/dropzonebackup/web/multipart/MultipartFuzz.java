package org.dropzonebackup.web.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Whatever comes as a multipart body: it is read alike however it is cut, and where Commons FileUpload reads it too, as
 * there.
 *
 * <p>What is known to differ: FileUpload takes a bare line feed behind a boundary for the end of its line, for the sake
 * of a browser of 2001; and where a part has no headers at all, so that its boundary is followed by an empty line, it takes
 * what follows up to the next empty line for them. It takes the first boundary from the middle of a line. It misses the
 * end of the headers where a carriage return too many stands before it. And its boundary lines may not end in blanks, which
 * RFC 2046 allows.
 */
class MultipartFuzz {

    private static final String BLANK_LINE = "\r\n\r\n";

    private record Part(List<String> disposition, List<String> type, String content) {
    }

    /** @param input a boundary, a line feed, and the body */
    @FuzzTest
    void isReadAlikeHoweverItIsCutAndAsElsewhere(final byte[] input) {
        int length = 0;
        while (length < input.length && input[length] != '\n') {
            length++;
        }
        final String boundary = new String(input, 0, length, StandardCharsets.ISO_8859_1);
        if (!boundary.matches("[0-9A-Za-z'()+_,./:=?-]{1,70}") || length == input.length) {
            return;
        }
        final byte[] body = Arrays.copyOfRange(input, length + 1, input.length);
        final Random random = new Random(Arrays.hashCode(body));
        final Optional<List<Part>> parts = read(boundary, body, body.length, random);
        assertThat(read(boundary, body, 1, random)).as("byte by byte").isEqualTo(parts);
        assertThat(read(boundary, body, 2 * boundary.length(), random)).as("cut anywhere").isEqualTo(parts);

        final Optional<List<Part>> elsewhere = oracle(boundary, body);
        if (parts.isPresent() && elsewhere.isPresent() && !isKnownToDiffer(boundary, body)) {
            assertThat(parts).isEqualTo(elsewhere);
        }
    }

    private static boolean isKnownToDiffer(final String boundary, final byte[] body) {
        final String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
        return text.contains("\r" + BLANK_LINE) || text.contains("--" + boundary + "\n") || text.contains("--" + boundary + BLANK_LINE)
                || text.indexOf("--" + boundary) != text.indexOf("\r\n--" + boundary) + 2;
    }

    private static Optional<List<Part>> read(final String boundary, final byte[] body, final int longest, final Random random) {
        final List<Part> parts = new ArrayList<>();
        final MultipartReader reader = new MultipartReader(boundary);
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int from = 0;
        try {
            while (from < body.length) {
                final int length = Math.min(body.length - from, 1 + random.nextInt(longest));
                final ByteBuffer in = ByteBuffer.wrap(body, from, length).slice();
                MultipartReader.Event event = reader.next(in);
                while (event != MultipartReader.Event.NEED_INPUT) {
                    if (event == MultipartReader.Event.DATA) {
                        final ByteBuffer data = reader.data();
                        content.write(data.array(), data.arrayOffset() + data.position(), data.remaining());
                    } else if (event == MultipartReader.Event.PART_END) {
                        parts.add(part(reader.headers(), content));
                        content.reset();
                    }
                    event = reader.next(in);
                }
                assertThat(in.hasRemaining()).as("all is consumed").isFalse();
                from += length;
            }
        } catch (final RefusedException e) {
            return Optional.empty();
        }
        return reader.ended() ? Optional.of(parts) : Optional.empty();
    }

    private static Optional<List<Part>> oracle(final String boundary, final byte[] body) {
        final List<Part> parts = new ArrayList<>();
        try {
            final MultipartInput input = MultipartInput.builder()
                    .setInputStream(new ByteArrayInputStream(body))
                    .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1)).get();
            input.setHeaderCharset(StandardCharsets.ISO_8859_1);
            boolean more = input.skipPreamble();
            if (!more) {
                return Optional.empty();
            }
            while (more) {
                final byte[] headers = input.readHeaders().getBytes(StandardCharsets.ISO_8859_1);
                final ByteArrayOutputStream content = new ByteArrayOutputStream();
                input.readBodyData(content);
                parts.add(part(PartHeaders.parse(headers, headers.length), content));
                more = input.readBoundary();
            }
        } catch (final IOException e) {
            return Optional.empty();
        }
        return Optional.of(parts);
    }

    private static Part part(final PartHeaders headers, final ByteArrayOutputStream content) {
        return new Part(headers.all("content-disposition"), headers.all("content-type"),
                content.toString(StandardCharsets.ISO_8859_1));
    }
}
