package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;
import static org.dropzonebackup.web.Way.part;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is told OK for what is not the file that was meant, whatever way it comes. */
@RunAsClient
class WholeFileIT extends ContractPart {

    private static final String NAME = "a.txt";
    private static final String CONTENT = "content";

    @ParameterizedTest
    @EnumSource(Way.class)
    void refusesAPieceThatItsContentRangeTellsOf(final Way way) throws Exception {
        for (final String piece : List.of("bytes 2-8/9", "bytes 0-6/9", "bytes 2-6/7", "bytes 0-6/*", "bytes */7", "lines 0-6/7",
                "bytes 0-6/8", "bytes 1-7/7", "7", "bytes 0-99999999999999999999/100000000000000000000")) {
            final Answer answer = send(way, CONTENT, "Content-Range: " + piece);
            assertThat(answer.status()).as(piece).isEqualTo(400);
            if (way != Way.PAGE) {
                assertThat(answer.body()).as(piece).contains("tus", "Upload-Offset", "curl without -C");
            }
        }
        assertThat(send(way, CONTENT, "Content-Range: bytes 0-6/7", "Content-Range: bytes 2-8/9").status()).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"TUS", "FORM_BY_DRAFT"}, mode = EnumSource.Mode.EXCLUDE)
    void takesTheWholeThatItsContentRangeTellsOf(final Way way) throws Exception {
        assertThat(send(way, CONTENT, "Content-Range: bytes 0-6/7").status()).isEqualTo(way.success());
        if (!way.isBeginning()) {
            assertThat(BOX.resolve(NAME)).hasContent(CONTENT);
        }
    }

    /** As {@code curl -C -} says it of what it knows nothing of, and of nothing. */
    @Test
    void takesAStreamWhoseContentRangeIsUnknown() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(Way.PUT.head(root.getPath(), "", NAME, 0, "Content-Range: bytes 0--2/-1", "Transfer-Encoding: chunked"));
            assertThat(connection.send("7\r\ncontent\r\n0\r\n\r\n").readFinal().status()).isEqualTo(200);
            connection.send(Way.PUT.head(root.getPath(), "", "b.txt", 0, "Content-Range: bytes 0-7/8", "Transfer-Encoding: chunked"));
            assertThat(connection.send("7\r\ncontent\r\n0\r\n\r\n").readFinal().status()).as("cut off").isEqualTo(400);
        }
        assertThat(send(Way.PUT, "", "Content-Range: bytes 0--2/-1").status()).isEqualTo(400);
        emptyTheBox();
        assertThat(send(Way.PUT, "", "Content-Range: bytes 0--1/0").status()).isEqualTo(200);
        assertThat(names()).containsExactly(NAME);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @OnEveryContainer
    void refusesBeforeTheBodyWhatTheHeadersTell(final Way way) throws Exception {
        for (final String telling : List.of("Content-Range: bytes 2-8/9", "If-Match: *", "Content-Encoding: gzip")) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(way.head(root.getPath(), "", NAME, 7, telling, "Content-Length: 7", "Expect: 100-continue"));
                final Answer first = connection.read();
                final Answer answer = ContainerLimit.CONTINUES_AT_ONCE.isHere() ? connection.read() : first;
                assertThat(answer.status()).as(telling).isIn(400, 412, 415);
            }
        }
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PUT", "POST", "WHOLE_BY_DRAFT", "FORM", "MIXED", "PAGE"})
    @OnEveryContainer
    void wantsToKnowWhetherThereIsABody(final Way way) throws Exception {
        for (final String version : List.of("HTTP/1.1", "HTTP/1.0")) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(way.head(root.getPath(), "", NAME, 0).replace("HTTP/1.1", version));
                final Answer answer = connection.readFinal();
                assertThat(answer.status()).isEqualTo(411);
                assertThat(answer.body()).contains("Content-Length");
            }
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    @OnEveryContainer
    void takesAFileThatIsSaidToBeEmptyAndABeginningOfNothing() throws Exception {
        assertThat(send(Way.PUT, "").status()).isEqualTo(200);
        assertThat(BOX.resolve(NAME)).isEmptyFile();
        for (final Way way : List.of(Way.DRAFT, Way.TUS)) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(way.head(root.getPath(), "", "b.txt", 7));
                assertThat(connection.readFinal().status()).isEqualTo(201);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            dztotalchunkcount     | 2
            resumableTotalChunks  | 2
            flowTotalChunks       | 17
            totalChunks           | 2
            chunks                | 10
            qqtotalparts          | 3
            chunkCount            | 2
            total-chunk           | 2
            _chunkNumber          | 0
            chunkMetadata         | {"FileName":"a","Index":0,"TotalCount":2,"FileSize":7}
            metadata              | {"chunkIndex":0, "totalChunks" : 12}
            """)
    void refusesAPieceThatAFieldTellsOf(final String field, final String value) throws Exception {
        for (final Way way : List.of(Way.FORM, Way.MIXED, Way.PAGE)) {
            for (final String[] parts : List.of(new String[] {field(field, value), part(NAME, CONTENT)},
                    new String[] {part(NAME, CONTENT), field(field, value)})) {
                assertThat(sendBody(way, "", way.form(parts)).status()).as(way.name()).isEqualTo(400);
            }
        }
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void refusesAPieceThatTheQueryTellsOf(final Way way) throws Exception {
        for (final String query : List.of("?resumableChunkNumber=1&resumableTotalChunks=2", "?flowTotalChunks=2", "?chunk=0&chunks=3",
                "?qq=%zz&qqtotal%70arts=2")) {
            assertThat(sendBody(way, query, way.body(NAME, CONTENT)).status()).as(query).isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void takesFilesOfTheSameUploadersThatAreNotCut() throws Exception {
        assertThat(sendBody(Way.FORM, "", Way.FORM.form(field("dztotalchunkcount", "1"), field("resumableTotalChunks", "1"),
                field("chunks", "0"), field("metadata", "{\"totalChunks\": 1}"), field("chunkCount", "none"),
                part(NAME, CONTENT))).status()).isEqualTo(200);
        assertThat(sendBody(Way.PUT, "?chunks=1&flowTotalChunks&x=%zz", CONTENT).status()).isEqualTo(409);
        assertThat(names()).containsExactly(NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Disposition: form-data; name=f; filename*0=\"b.\"; filename*1=\"txt\"",
        "Content-Disposition: form-data; name=f; filename*0*=UTF-8''b; filename*1=\".txt\"",
        "Content-Disposition: form-data; name=f; filename=b.txt; filename=c.txt",
        "Content-Disposition: form-data; name=f; filename*=klingon''b.txt",
        "Content-Disposition: form-data; name=f; filename*=UTF-8''b%zz.txt",
        "Content-Disposition: form-data; name=\"f; filename=\"b.txt\"",
        "Content-Disposition: form-data; name=f\r\nContent-Disposition: form-data; name=f; filename=b.txt",
        "Content-Disposition: form-data; name=f; filename=b.txt\r\nContent-Encoding: gzip",
        "Content-Disposition: form-data; name=f; filename=b.txt\r\nContent-Transfer-Encoding: base64",
        "Content-Disposition: form-data; name=f; filename=b.txt\r\nContent-Transfer-Encoding: x-uuencode",
        "Content-Disposition: form-data; name=f; filename=b.txt\r\nContent-Type: text/plain\r\nContent-Type: multipart/mixed",
        "Content-Disposition: form-data; name=f; filename=b.txt\r\nContent-Digest: x"})
    void refusesAFormOfWhichAFileWouldBeDroppedOrBeAnother(final String headers) throws Exception {
        for (final Way way : List.of(Way.FORM, Way.MIXED, Way.PAGE)) {
            assertThat(sendBody(way, "", way.form(part(NAME, CONTENT), headers + "\r\n\r\nsecond")).status()).as(way.name())
                    .isEqualTo(400);
            assertThat(sendBody(way, "", way.form(headers + "\r\n\r\nsecond", part(NAME, CONTENT))).status()).as(way.name())
                    .isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Disposition: form-data; name=f\r\nContent-Type: application/octet-stream",
        "Content-Disposition: form-data; name=f\r\nContent-Type: application/zip",
        "Content-Disposition: form-data; name=f\r\nContent-Type: image/png",
        "Content-Disposition: form-data; name=f; filename\r\nContent-Type: text/plain",
        "Content-Disposition: attachment",
        "Content-Type: application/gzip",
        "Content-Disposition: form-data; name=f; filename=\"\"\r\nContent-Transfer-Encoding: 8BIT\r\nContent-Encoding: Identity"})
    void storesAFileWithoutANameBesideOthers(final String headers) throws Exception {
        for (final Way way : List.of(Way.FORM, Way.MIXED, Way.PAGE)) {
            assertThat(sendBody(way, "", way.form(part(NAME, CONTENT), headers + "\r\n\r\nsecond")).status()).as(way.name())
                    .isEqualTo(200);
            assertThat(names()).hasSize(2).contains(NAME).anyMatch(name -> name.matches("\\d{4}-\\d\\d-\\d\\dT.*"));
            emptyTheBox();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Disposition: form-data; name=f",
        "Content-Disposition: form-data; name=f\r\nContent-Type: text/csv; charset=utf-8",
        "Content-Disposition: form-data; name=f\r\nContent-Type: APPLICATION/JSON",
        "Content-Disposition: form-data; name=f\r\nContent-Type: application/x-www-form-urlencoded"})
    void ignoresFieldsBesideAFile(final String headers) throws Exception {
        assertThat(sendBody(Way.FORM, "", Way.FORM.form(part(NAME, CONTENT), headers + "\r\n\r\nfield")).status()).isEqualTo(200);
        assertThat(names()).containsExactly(NAME);
    }

    @Test
    @OnEveryContainer
    void refusesTwoWordsOfARequestWhereOneCounts() throws Exception {
        assertThat(send(Way.POST, CONTENT, "Content-Disposition: inline; filename=b.txt").status()).isEqualTo(400);
        assertThat(send(Way.PUT, CONTENT, "Content-Type: text/plain", "Content-Type: multipart/form-data; boundary=b").status())
                .isEqualTo(400);
        assertThat(send(Way.POST, CONTENT.replace("x", "y"), "Content-Transfer-Encoding: base64").status()).isEqualTo(415);
        for (final String twice : List.of("Upload-Length: 8", "Upload-Checksum: sha1 x\r\nUpload-Checksum: sha1 x")) {
            assertThat(send(Way.TUS, CONTENT, twice).status()).as(twice).isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    void readsMetadataThatComeInTwoHeaders() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(Way.TUS_WITH_UPLOAD.head(root.getPath(), "", NAME, 7, "Content-Length: 7")
                    .replace("Upload-Metadata: ", "Upload-Metadata: filetype dGV4dA==\r\nUpload-Metadata: ") + CONTENT);
            assertThat(connection.readFinal().status()).isEqualTo(201);
        }
        assertThat(names()).containsExactly(NAME);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"FORM", "MIXED", "PAGE"})
    void saysWhatIsWrongWithTheBoundariesOfAForm(final Way way) throws Exception {
        final String form = way.body(NAME, CONTENT);
        assertThat(sendBody(way, "", form.replace("\r\n", "\n")).body()).contains("in LF alone");
        assertThat(sendBody(way, "", form.replace("--b", "b")).body()).contains("two dashes and the boundary");
        assertThat(sendBody(way, "", form.replace("\r\n--b--", "\r\n--b")).body()).contains("ends in two dashes");
        assertThat(sendBody(way, "", form.replace("\r\n--b--", "")).body()).contains("cut off");
        assertThat(sendBody(way, "", form + form).status()).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=b", "Multipart/Mixed;boundary=b", "multipart/form-data"})
    void refusesAFormForAName(final String type) throws Exception {
        for (final Way way : List.of(Way.PUT, Way.DRAFT, Way.WHOLE_BY_DRAFT)) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(way.head(root.getPath(), "", NAME, 7, "Content-Type: " + type, "Content-Length: 7",
                        "Expect: 100-continue"));
                final Answer answer = connection.readFinal();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("/upload,", "/upload/NAME");
            }
        }
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = "FORM_BY_DRAFT", mode = EnumSource.Mode.EXCLUDE)
    void refusesAFileThatIsTooSmall(final Way way) throws Exception {
        for (final String small : List.of("", "four")) {
            final Answer answer = sendAsLeast(way, way.body(NAME, small), small.length());
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("5 B", small.length() + " B");
        }
        if (way.isForm()) {
            assertThat(sendAsLeast(way, way.form(part("b.txt", CONTENT), part(NAME, "four")), 0).status()).isEqualTo(422);
            assertThat(sendAsLeast(way, way.form(part(NAME, "four"), part("b.txt", CONTENT)), 0).status()).isEqualTo(422);
        }
        await().until(() -> stored().isEmpty());
        assertThat(sendAsLeast(way, way.body(NAME, "fives"), 5).status()).isEqualTo(way.success());
    }

    private Answer sendAsLeast(final Way way, final String body, final int length) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            final String head = way.head(root.getPath(), "", NAME, length, "Content-Length: " + body.length(),
                    way == Way.DRAFT ? "Upload-Length: " + length : "X-Nothing: 1");
            connection.send((head + body).replace("alice", "least"));
            return connection.readFinal();
        }
    }

    @Test
    void seesThatAFileIsTooSmallWhenItEnds() throws Exception {
        final Caller least = new Caller(root, "least");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(Way.PUT.head(root.getPath(), "", NAME, 4, "Transfer-Encoding: chunked").replace("alice", "least"));
            assertThat(connection.send("4\r\nfour\r\n0\r\n\r\n").readFinal().status()).isEqualTo(422);
        }
        final String piece = "Content-Type: application/partial-upload";
        final String draft = least.location("upload/a.txt", least.ask("PUT", "upload/a.txt", "four", "Upload-Complete: ?0"));
        assertThat(least.ask("PATCH", draft, "", piece, "Upload-Offset: 4", "Upload-Complete: ?1").status()).isEqualTo(422);
        final String form = Way.FORM.body(NAME, "four");
        final String drafted = least.location("upload", least.ask("POST", "upload", form, "Upload-Complete: ?0",
                "Content-Type: multipart/form-data; boundary=b"));
        assertThat(least.ask("PATCH", drafted, "", piece, "Upload-Offset: " + form.length(), "Upload-Complete: ?1").status()).isEqualTo(422);
        final String tus = least.location("files", least.ask("POST", "files", "", "Tus-Resumable: 1.0.0", "Upload-Defer-Length: 1"));
        assertThat(least.ask("PATCH", tus, "four", "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Upload-Length: 4",
                "Content-Type: application/offset+octet-stream").status()).isEqualTo(422);
        assertThat(names()).isEmpty();
    }

    @Test
    void refusesAFileThatIsTooSmallBeforeTheBodyAndAlsoIfItIsStoredAlready() throws Exception {
        Files.writeString(BOX.resolve(NAME), "four");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(Way.PUT.head(root.getPath(), "", NAME, 4, "Content-Length: 4", "Expect: 100-continue",
                    "Repr-Digest: sha-256=:" + Contract.digest("SHA-256", "four") + ":").replace("alice", "least"));
            final Answer first = connection.read();
            assertThat((ContainerLimit.CONTINUES_AT_ONCE.isHere() ? connection.read() : first).status()).isEqualTo(422);
        }
    }

    private static String field(final String name, final String value) {
        return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
    }

    private Answer send(final Way way, final String content, final String... headers) throws IOException {
        return sendBody(way, "", way.body(NAME, content), headers);
    }

    private Answer sendBody(final Way way, final String query, final String body, final String... headers) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(way.head(root.getPath(), query, NAME, CONTENT.length(), Stream.concat(Stream.of(headers),
                    Stream.of("Content-Length: " + body.length())).toArray(String[]::new)) + body);
            return connection.readFinal();
        }
    }
}
