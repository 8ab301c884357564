package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.digest;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;
import static org.dropzonebackup.web.Way.part;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A digest that is sent with a file is checked, by whatever header and on whatever way, or it is refused: {@code
 * Content-Digest} and {@code Repr-Digest} (RFC 9530), {@code Content-MD5} (RFC 1864), {@code Digest} (RFC 3230).
 */
@RunAsClient
class DigestIT extends ContractPart {

    private static final String NAME = "a.txt";
    private static final String CONTENT = "content";
    private static final String DAMAGED = "kontent";
    private static final String PIECE = "Content-Type: application/partial-upload";

    private Caller alice;

    @BeforeEach
    void callAsAlice() {
        alice = new Caller(root, "alice");
    }

    private static List<String> digestsOf(final String content) throws Exception {
        final String sha256 = digest("SHA-256", content);
        final String sha512 = digest("SHA-512", content);
        return List.of("Content-Digest: sha-256=:" + sha256 + ":", "Repr-Digest: sha-512=:" + sha512 + ":, md5=:AAAA:",
                "Content-MD5: " + digest("MD5", content), "Digest: md5=" + digest("MD5", content),
                "Digest: UNIXsum=30637,SHA=" + digest("SHA-1", content), "Digest: sha-256=" + sha256 + ", SHA-512=" + sha512);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"PUT", "POST", "WHOLE_BY_DRAFT", "FORM", "MIXED", "PAGE", "TUS_WITH_UPLOAD"})
    void checksTheOnlyFileOfARequest(final Way way) throws Exception {
        for (final String header : digestsOf(CONTENT)) {
            assertThat(send(way, DAMAGED, header).status()).as(header).isIn(422, 460);
            await().until(() -> stored().isEmpty());
            assertThat(send(way, CONTENT, header).status()).as(header).isEqualTo(way.success());
            assertThat(names()).containsExactly(NAME);
            emptyTheBox();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"TUS", "FORM_BY_DRAFT"}, mode = EnumSource.Mode.EXCLUDE)
    void refusesWhatItCannotCheck(final Way way) throws Exception {
        for (final String header : List.of("Content-MD5: AAAA", "Content-MD5: ?", "Digest: adler32=03da0195", "Digest: MD5",
                "Digest: sha-256=AAAA", "Digest:", "Repr-Digest: md5=:" + digest("MD5", CONTENT) + ":", "Content-Digest: x")) {
            assertThat(send(way, CONTENT, header).status()).as(header).isEqualTo(400);
        }
        assertThat(send(way, CONTENT, "Digest: md5=" + digest("MD5", CONTENT), "Content-MD5: " + digest("MD5", DAMAGED)).status())
                .isIn(400, 422, 460);
        await().until(() -> stored().isEmpty());
    }

    @Test
    void ignoresThatAClientWantsADigest() throws Exception {
        assertThat(send(Way.PUT, CONTENT, "Want-Digest: md5", "Want-Repr-Digest: sha-256=1").status()).isEqualTo(200);
    }

    @Test
    void takesADigestOfARequestForOneFileOnly() throws Exception {
        final String digest = digestsOf(CONTENT).get(0);
        for (final Way way : List.of(Way.FORM, Way.MIXED, Way.PAGE)) {
            final Answer answer = sendBody(way, way.form(part(NAME, CONTENT), part("b.txt", CONTENT)), digest);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("headers of its part");
        }
        assertThat(stored()).isEmpty();
        assertThat(sendBody(Way.FORM, Way.FORM.form(part(NAME, CONTENT), "Content-Disposition: form-data; name=f\r\n\r\nfield",
                "Content-Disposition: form-data; name=f; filename=\"\"\r\n\r\n"), digest).status()).as("a field, and a file input left empty")
                .isEqualTo(200);
    }

    @Test
    void checksTheDigestsOfThePartAndOfTheRequest() throws Exception {
        for (final String header : digestsOf(CONTENT)) {
            final String part = part(NAME, DAMAGED).replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n");
            assertThat(sendBody(Way.FORM, Way.FORM.form(part)).status()).as(header).isEqualTo(422);
            assertThat(sendBody(Way.FORM, Way.FORM.form(part.replace(DAMAGED, CONTENT)), digestsOf(DAMAGED).get(0)).status())
                    .as(header).isIn(400, 422);
        }
        final String twice = "\r\nContent-Digest: md5=:AAAA:\r\n" + digestsOf(CONTENT).get(0) + "\r\n\r\n";
        assertThat(sendBody(Way.FORM, Way.FORM.form(part(NAME, DAMAGED).replace("\r\n\r\n", twice))).status()).isEqualTo(422);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upload/a.txt", "upload"})
    void checksTheWholeThatCameInPieces(final String path) throws Exception {
        final boolean form = path.equals("upload");
        final String body = form ? Way.FORM.body(NAME, DAMAGED) : DAMAGED;
        for (final String header : List.of(digestsOf(CONTENT).get(1), digestsOf(CONTENT).get(3), digestsOf(CONTENT).get(4))) {
            final String upload = alice.location(path, alice.ask("PUT", path, body.substring(0, 3), "Upload-Complete: ?0", header,
                    form ? "Content-Type: multipart/form-data; boundary=b" : "X-Nothing: 1"));
            assertThat(alice.ask("PATCH", upload, body.substring(3), PIECE, "Upload-Offset: 3", "Upload-Complete: ?1").status())
                    .as(header).isEqualTo(422);
        }
        final Answer created = alice.ask("POST", "files", "", "Tus-Resumable: 1.0.0", "Upload-Length: 7", digestsOf(CONTENT).get(3));
        assertThat(alice.ask("PATCH", alice.location("files", created), DAMAGED, "Tus-Resumable: 1.0.0", "Upload-Offset: 0",
                "Content-Type: application/offset+octet-stream").status()).isEqualTo(422);
        await().until(() -> stored().isEmpty());
    }

    @Test
    void checksEachPiece() throws Exception {
        final String upload = alice.location("upload/a.txt", alice.ask("PUT", "upload/a.txt", "", "Upload-Complete: ?0"));
        final Answer created = alice.ask("POST", "files", "", "Tus-Resumable: 1.0.0", "Upload-Length: 7");
        final String tus = alice.location("files", created);
        for (final String header : List.of(digestsOf("con").get(0), digestsOf("con").get(2))) {
            assertThat(alice.ask("PATCH", upload, "kon", PIECE, "Upload-Offset: 0", "Upload-Complete: ?0", header).status())
                    .as(header).isEqualTo(422);
            assertThat(alice.ask("PATCH", tus, "kon", "Tus-Resumable: 1.0.0", "Upload-Offset: 0",
                    "Content-Type: application/offset+octet-stream", header).status()).as(header).isEqualTo(460);
        }
        for (final String ofWhole : List.of(digestsOf(CONTENT).get(1), digestsOf(CONTENT).get(3))) {
            assertThat(alice.ask("PATCH", upload, "con", PIECE, "Upload-Offset: 0", "Upload-Complete: ?0", ofWhole).status())
                    .as(ofWhole).isEqualTo(400);
            assertThat(alice.ask("PATCH", tus, "con", "Tus-Resumable: 1.0.0", "Upload-Offset: 0",
                    "Content-Type: application/offset+octet-stream", ofWhole).status()).as(ofWhole).isEqualTo(400);
        }
        assertThat(alice.ask("HEAD", upload, "").headers()).containsEntry("upload-offset", "0");
    }

    /** Two files can have the same MD5, so that nothing is taken for stored before its bytes were compared. */
    @Test
    void makesRetryingSafeByAWeakDigestOnceTheBytesHaveCome() throws Exception {
        final String md5 = "Content-MD5: " + digest("MD5", CONTENT);
        final String first = send(Way.PUT, CONTENT, md5, "Accept: application/json").body();
        assertThat(send(Way.PUT, CONTENT, md5, "Accept: application/json").body()).isEqualTo(first);
        assertThat(new JSONObject(first).getJSONArray("files").getJSONObject(0).getString("sha256")).hasSize(64);
        assertThat(send(Way.PUT, DAMAGED, "Content-MD5: " + digest("MD5", DAMAGED)).status()).isEqualTo(409);
        assertThat(BOX.resolve(NAME)).hasContent(CONTENT);
        assertThat(names()).containsExactly(NAME);
        if (!ContainerLimit.CONTINUES_AT_ONCE.isHere()) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(Way.PUT.head(root.getPath(), "", NAME, 7, md5, "Content-Length: 7", "Expect: 100-continue"));
                assertThat(connection.read().status()).isEqualTo(100);
                assertThat(connection.send(CONTENT).read().status()).isEqualTo(200);
            }
        }
    }

    private Answer send(final Way way, final String content, final String... headers) throws IOException {
        return sendBody(way, way.body(NAME, content), headers);
    }

    private Answer sendBody(final Way way, final String body, final String... headers) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(way.head(root.getPath(), "", NAME, CONTENT.length(), Stream.concat(Stream.of(headers),
                    Stream.of("Content-Length: " + body.length())).toArray(String[]::new)) + body);
            return connection.readFinal();
        }
    }
}
