package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.MAX_FILE_SIZE;
import static org.dropzonebackup.web.Contract.bytesOf;
import static org.dropzonebackup.web.Contract.digest;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;

import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tus protocol 1.0.0: above each test what it says, in its own words, or what the drop box promises besides. */
@RunAsClient
class TusIT extends ContractPart {

    private static final String PIECE = "Content-Type: application/offset+octet-stream";
    private static final String VERSION = "Tus-Resumable: 1.0.0";

    private Caller alice;

    @BeforeEach
    void callAsAlice() {
        alice = new Caller(root, "alice", VERSION);
    }

    // "The Server MUST always include the Upload-Offset header in the response for a HEAD request, even if the offset is 0,
    // or the upload is already considered completed."
    // "If the size of the upload is known, the Server MUST include the Upload-Length header in the response."
    @Test
    @OnEveryContainer
    void tellsTheOffsetOfNothingAndOfAll() throws Exception {
        final String upload = create("a.txt", 7);
        assertThat(head(upload)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("upload-offset", "0").containsEntry("upload-length", "7");
        });
        patch(upload, 0, "content");
        assertThat(head(upload)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("upload-offset", "7").containsEntry("upload-length", "7");
        });
    }

    // "If the resource is not found, the Server SHOULD return either the 404 Not Found, 410 Gone or 403 Forbidden status
    // without the Upload-Offset header."
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE"})
    void knowsNoUploadThatWasNeverMade(final String method) throws Exception {
        for (final String id : List.of("0123456789abcdef0123456789abcdef", "nonsense", "a.txt", ".~tmp")) {
            final Answer answer = alice.ask(method, "files/" + id, "", PIECE, "Upload-Offset: 0");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.headers()).doesNotContainKey("upload-offset");
        }
    }

    // "The Server MUST prevent the client and/or proxies from caching the response by adding the Cache-Control: no-store
    // header to the response."
    @Test
    void letsNobodyCacheAnOffset() throws Exception {
        assertThat(head(create("a.txt", 7)).headers()).containsEntry("cache-control", "no-store");
    }

    // "All PATCH requests MUST use Content-Type: application/offset+octet-stream, otherwise the server SHOULD return a 415
    // Unsupported Media Type status."
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/partial-upload"})
    void takesPiecesOfItsOwnTypeOnly(final String type) throws Exception {
        final String upload = create("a.txt", 7);
        assertThat(alice.ask("PATCH", upload, "content", "Content-Type: " + type, "Upload-Offset: 0").status()).isEqualTo(415);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
    }

    // "The Upload-Offset header's value MUST be equal to the current offset of the resource. [...] If the offsets do not
    // match, the Server MUST respond with the 409 Conflict status without modifying the upload resource."
    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4, 7})
    void goesOnNowhereElse(final long offset) throws Exception {
        final String upload = create("a.txt", 7);
        patch(upload, 0, "con");

        assertThat(patch(upload, offset, "tent").status()).isEqualTo(409);

        assertThat(head(upload).headers()).containsEntry("upload-offset", "3");
        assertThat(patch(upload, 3, "tent").status()).isEqualTo(204);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "The value MUST be a non-negative integer." (Upload-Offset, Upload-Length)
    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "+1", "", "99999999999999999999"})
    void understandsNumbersOfBytesOnly(final String number) throws Exception {
        assertThat(alice.ask("POST", "files", "", "Upload-Length: " + number).status()).isEqualTo(400);
        assertThat(alice.ask("PATCH", create("a.txt", 7), "content", PIECE, "Upload-Offset: " + number).status()).isEqualTo(400);
    }

    // "The Server MUST acknowledge successful PATCH requests with the 204 No Content status. It MUST include the Upload-Offset
    // header containing the new offset. The new offset MUST be the sum of the offset before the PATCH request and the number
    // of bytes received and processed or stored during the current PATCH request."
    @Test
    void acknowledgesEachPiece() throws Exception {
        final String upload = create("a.txt", 7);
        long offset = 0;
        for (final String piece : List.of("c", "", "ont", "ent")) {
            final Answer answer = patch(upload, offset, piece);
            offset += piece.length();
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.headers()).containsEntry("upload-offset", Long.toString(offset));
        }
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "If the version specified by the Client is not supported by the Server, it MUST respond with the 412 Precondition Failed
    // status and MUST include the Tus-Version header into the response. In addition, the Server MUST NOT process the request."
    @ParameterizedTest
    @ValueSource(strings = {"0.2.2", "1.0.1", "2.0.0", ""})
    void doesNothingForAnotherVersion(final String version) throws Exception {
        final String upload = create("a.txt", 7);
        for (final String method : List.of("HEAD", "PATCH", "DELETE")) {
            final Answer answer = alice.ask(method, upload, "content", PIECE, "Upload-Offset: 0", "Tus-Resumable: " + version);
            assertThat(answer.status()).as(method).isEqualTo(412);
            assertThat(answer.headers()).containsEntry("tus-version", "1.0.0");
        }
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 7", "Tus-Resumable: " + version).status()).isEqualTo(412);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
    }

    // "The Tus-Resumable header MUST be included in every request and response except for OPTIONS requests. The value MUST be
    // the version of the protocol used by the Client or the Server."
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | files      | 201 | Upload-Length: 1
            POST   | files      | 400 | Upload-Length: x
            POST   | files      | 413 | Upload-Length: 1001
            POST   | files      | 412 | Tus-Resumable: 2
            POST   | files      | 403 | Password: wrong
            POST   | files      | 415 | Content-Type: text/plain
            POST   | files      | 415 | Content-Type: text/plain; charset=nonsense
            PUT    | files      | 405 | Upload-Length: 1
            GET    | files      | 405 | Upload-Length: 1
            HEAD   | files/none | 404 | Upload-Length: 1
            GET    | files/none | 405 | Upload-Length: 1
            POST   | files/a/b  | 404 | Upload-Length: 1
            """)
    @OnEveryContainer
    void saysItsVersionInEveryAnswer(final String method, final String path, final int status, final String header)
            throws Exception {
        final Answer answer = alice.ask(method, path, status == 415 ? "x" : "", status == 415 ? "Upload-Length: 1" : header, header);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("tus-resumable", "1.0.0");
    }

    // "The X-HTTP-Method-Override request header MUST be a string which MUST be interpreted as the request's method by the
    // Server, if the header is presented. The actual method of the request MUST be ignored."
    @Test
    @OnEveryContainer
    void obeysTheMethodThatIsMeant() throws Exception {
        final String upload = create("a.txt", 7);
        assertThat(alice.ask("POST", upload, "con", PIECE, "Upload-Offset: 0", "X-HTTP-Method-Override: PATCH").status())
                .isEqualTo(204);
        assertThat(alice.ask("PUT", upload, "", "X-HTTP-Method-Override: HEAD").headers()).containsEntry("upload-offset", "3");
        assertThat(alice.ask("POST", upload, "", "X-HTTP-Method-Override: DELETE").status()).isEqualTo(204);
        assertThat(head(upload).status()).isEqualTo(404);
    }

    // "A successful response indicated by the 204 No Content or 200 OK status MUST contain the Tus-Version header."
    // "The Client SHOULD NOT include the Tus-Resumable header in the request and the Server MUST ignore the header."
    // "The Tus-Version response header MUST be a comma-separated list of protocol versions supported by the Server."
    // "The Tus-Extension response header MUST be a comma-separated list of the extensions supported by the Server."
    // "If the Server supports this extension, it MUST add creation [creation-with-upload, creation-defer-length, expiration,
    // checksum, termination] to the Tus-Extension header."
    // "The Tus-Max-Size response header MUST be a non-negative integer indicating the maximum allowed size of an entire upload
    // in bytes."
    // "The Tus-Checksum-Algorithm header MUST be included in the response to an OPTIONS request."
    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "0.2.2"})
    void tellsEverybodyWhatIsOffered(final String version) throws Exception {
        for (final String user : List.of("alice", "nobody")) {
            final Answer answer = new Caller(root, user).ask("OPTIONS", "files/", "", "Tus-Resumable: " + version);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.headers()).containsEntry("tus-version", "1.0.0")
                    .containsEntry("tus-extension",
                            "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination")
                    .containsEntry("tus-max-size", Integer.toString(MAX_FILE_SIZE))
                    .containsEntry("tus-checksum-algorithm", "sha1,sha256");
        }
    }

    // "The Server MUST acknowledge a successful upload creation with the 201 Created status. The Server MUST set the Location
    // header to the URL of the created resource. This URL MAY be absolute or relative."
    @ParameterizedTest
    @ValueSource(strings = {"files", "files/"})
    @OnEveryContainer
    void tellsWhereTheUploadIsWhateverAProxyCallsTheServer(final String path) throws Exception {
        final Answer answer = alice.ask("POST", path, "", "Upload-Length: 7");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(URI.create(answer.headers().get("location")).getPath()).doesNotStartWith("/").matches("(files/)?[0-9a-f]{32}");
        assertThat(head(alice.location(path, answer)).status()).isEqualTo(200);
    }

    // "If the Upload-Defer-Length header contains any other value than 1 the server should return a 400 Bad Request status."
    // "The request MUST include one of the following headers: a) Upload-Length [...] b) Upload-Defer-Length: 1"
    @Test
    void wantsTheLengthOrAPromiseOfIt() throws Exception {
        assertThat(alice.ask("POST", "files", "", "Upload-Defer-Length: 2").status()).isEqualTo(400);
        assertThat(alice.ask("POST", "files", "").status()).isEqualTo(400);
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 7", "Upload-Defer-Length: 1").status()).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    // "As long as the length of the upload is not known, the Server MUST set Upload-Defer-Length: 1 in all responses to HEAD
    // requests." "Once it is known the Client MUST set the Upload-Length header in the next PATCH request. Once set the length
    // MUST NOT be changed." "If the length of an upload is not deferred, this header MUST be omitted."
    @Test
    void learnsTheLengthLater() throws Exception {
        final String upload = alice.location("files", alice.ask("POST", "files", "", "Upload-Defer-Length: 1", metadata("a.txt")));
        assertThat(head(upload).headers()).containsEntry("upload-defer-length", "1").doesNotContainKey("upload-length");
        patch(upload, 0, "con");
        assertThat(head(upload).headers()).containsEntry("upload-defer-length", "1").doesNotContainKey("upload-length");

        assertThat(patch(upload, 3, "te", "Upload-Length: 7").status()).isEqualTo(204);

        assertThat(head(upload).headers()).containsEntry("upload-length", "7").doesNotContainKey("upload-defer-length");
        assertThat(patch(upload, 5, "nt", "Upload-Length: 8").status()).isEqualTo(400);
        assertThat(head(upload).headers()).containsEntry("upload-length", "7").containsEntry("upload-offset", "5");
        assertThat(patch(upload, 5, "nt", "Upload-Length: 7").status()).isEqualTo(204);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "If an upload contains additional metadata, responses to HEAD requests MUST include the Upload-Metadata header and its
    // value as specified by the Client during the creation."
    @Test
    void givesTheMetadataBack() throws Exception {
        final String metadata = "filename " + base64("a.txt") + ",filetype dGV4dC9wbGFpbg==,empty,private ";
        final String upload = alice.location("files",
                alice.ask("POST", "files", "", "Upload-Length: 7", "Upload-Metadata: " + metadata));
        assertThat(head(upload).headers()).containsEntry("upload-metadata", metadata.strip());
        assertThat(head(create("b.txt", 7)).headers()).containsEntry("upload-metadata", "filename " + base64("b.txt"));
        assertThat(head(alice.location("files", alice.ask("POST", "files", "", "Upload-Length: 7"))).headers())
                .doesNotContainKey("upload-metadata");
        final String longest = "note " + "a".repeat(7 * 1024 - 5);
        assertThat(head(alice.location("files",
                alice.ask("POST", "files", "", "Upload-Length: 7", "Upload-Metadata: " + longest))).headers())
                .containsEntry("upload-metadata", longest);
    }

    // "The key and value MUST be separated by a space. The key MUST NOT contain spaces and commas and MUST NOT be empty. The
    // key SHOULD be ASCII encoded and the value MUST be Base64 encoded. All keys MUST be unique."
    @ParameterizedTest
    @ValueSource(strings = {"filename a.txt", "filename YQ==,filename Yg==", ", filename YQ==", "filename YQ== Yg==",
        "filename YQ==,", "filename Y"})
    void refusesMetadataThatNobodyCanRead(final String metadata) throws Exception {
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 7", "Upload-Metadata: " + metadata).status()).isEqualTo(400);
    }

    // "If the length of the upload exceeds the maximum, which MAY be specified using the Tus-Max-Size header, the Server MUST
    // respond with the 413 Request Entity Too Large status."
    @Test
    void refusesWhatWillBeTooLarge() throws Exception {
        assertThat(alice.ask("POST", "files", "", "Upload-Length: " + (MAX_FILE_SIZE + 1)).status()).isEqualTo(413);
        final String upload = alice.location("files", alice.ask("POST", "files", "", "Upload-Defer-Length: 1"));
        assertThat(patch(upload, 0, "x".repeat(MAX_FILE_SIZE + 1)).status()).isEqualTo(413);
        assertThat(patch(upload, 0, "x", "Upload-Length: " + (MAX_FILE_SIZE + 1)).status()).isEqualTo(413);
    }

    // "The Client MAY include either the entirety or a chunk of the upload data in the body of the POST request. In this case,
    // similar rules as for the PATCH request and response apply. [...] The Server SHOULD accept as many bytes as possible and
    // MUST include the Upload-Offset header in the response and MUST set its value to the offset of the upload after applying
    // the accepted bytes."
    @Test
    @OnEveryContainer
    void takesTheFirstPieceWithTheCreation() throws Exception {
        final Answer first = alice.ask("POST", "files", "con", PIECE, "Upload-Length: 7", metadata("a.txt"));
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.headers()).containsEntry("upload-offset", "3");
        patch(alice.location("files", first), 3, "tent");

        final Answer all = alice.ask("POST", "files", "content", PIECE, "Upload-Length: 7", metadata("b.txt"));
        assertThat(all.status()).isEqualTo(201);
        assertThat(all.headers()).containsEntry("upload-offset", "7");
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 0", metadata("empty")).status()).isEqualTo(201);
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt", "empty");
        assertThat(BOX.resolve("b.txt")).hasContent("content");
        assertThat(BOX.resolve("empty")).isEmptyFile();
    }

    // Concatenation is not offered; a piece of a file that a client wants to concatenate must not become a file.
    @ParameterizedTest
    @ValueSource(strings = {"partial", "final;/files/a /files/b"})
    void refusesToConcatenate(final String value) throws Exception {
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 0", "Upload-Concat: " + value).status()).isEqualTo(400);
        assertThat(stored()).isEmpty();
    }

    // "This header [Upload-Expires] MUST be included in every PATCH response if the upload is going to expire. If the
    // expiration is known at the creation, the Upload-Expires header MUST be included in the response to the initial POST
    // request." "The value of the Upload-Expires header MUST be in RFC 7231 datetime format."
    @Test
    void saysWhenAnUnfinishedUploadExpires() throws Exception {
        final Answer created = alice.ask("POST", "files", "", "Upload-Length: 7");
        final String upload = alice.location("files", created);
        for (final Answer answer : List.of(created, patch(upload, 0, "con"), head(upload))) {
            final String expires = answer.headers().get("upload-expires");
            assertThat(expires).matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
            assertThat(ZonedDateTime.parse(expires, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()).isAfter(Instant.now());
        }
        assertThat(patch(upload, 3, "tent").headers()).doesNotContainKey("upload-expires");
    }

    // "Once the entire request has been received, the Server MUST verify the uploaded chunk against the provided checksum
    // using the specified algorithm." "400 Bad Request if the checksum algorithm is not supported by the server, 460 Checksum
    // Mismatch if the checksums mismatch [...] In the first two cases the uploaded chunk MUST be discarded, and the upload and
    // its offset MUST NOT be updated." "The Server MUST support at least the SHA1 checksum algorithm identified by sha1."
    @Test
    void keepsNothingThatDoesNotMatchItsChecksum() throws Exception {
        final String upload = create("a.txt", 7);
        for (final String wrong : List.of("sha1 " + digest("SHA-1", "con"), "sha256 " + digest("SHA-256", "con"))) {
            assertThat(patch(upload, 0, "kon", "Upload-Checksum: " + wrong).status()).as(wrong).isEqualTo(460);
            assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
        }
        for (final String unknown : List.of("md5 " + digest("MD5", "con"), "sha1", "sha1 AAAA", "sha1 ?", "SHA1 x")) {
            assertThat(patch(upload, 0, "con", "Upload-Checksum: " + unknown).status()).as(unknown).isEqualTo(400);
            assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
        }
        assertThat(patch(upload, 0, "con", "Upload-Checksum: sha1 " + digest("SHA-1", "con")).status()).isEqualTo(204);
        assertThat(patch(upload, 3, "tent", "Upload-Checksum: sha256 " + digest("SHA-256", "tent")).status()).isEqualTo(204);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "When receiving a DELETE request for an existing upload the Server SHOULD free associated resources and MUST respond with
    // the 204 No Content status confirming that the upload was terminated. For all future requests to this URL, the Server
    // SHOULD respond with the 404 Not Found or 410 Gone status." What is stored stays: nobody can delete it through a drop box.
    @Test
    void forgetsAnUploadAndNeverAFile() throws Exception {
        final String begun = create("a.txt", 7);
        patch(begun, 0, "con");
        assertThat(alice.ask("DELETE", begun, "").status()).isEqualTo(204);
        assertThat(stored()).isEmpty();
        final String done = create("b.txt", 7);
        patch(done, 0, "content");
        assertThat(alice.ask("DELETE", done, "").status()).isEqualTo(204);
        assertThat(stored()).containsExactly(BOX.resolve("b.txt"));
        for (final String gone : List.of(begun, done)) {
            assertThat(head(gone).status()).isEqualTo(404);
            assertThat(patch(gone, 0, "x").status()).isEqualTo(404);
            assertThat(alice.ask("DELETE", gone, "").status()).isEqualTo(404);
        }
    }

    // An upload resource belongs to its user: to everybody else it looks as if it never was, wherever their own files go.
    @Test
    void hidesAnUploadFromEverybodyElse() throws Exception {
        final String upload = create("a.txt", 7);
        final String body = head(upload.replaceAll("[0-9a-f]{32}", "0".repeat(32))).body();
        for (final String other : List.of("bob", "small")) {
            final Caller caller = new Caller(root, other, VERSION);
            for (final String method : List.of("HEAD", "PATCH", "DELETE")) {
                final Answer answer = caller.ask(method, upload, "", PIECE, "Upload-Offset: 0");
                assertThat(answer.status()).as(other + " " + method).isEqualTo(404);
                assertThat(answer.body()).doesNotContain("a.txt").endsWith(body);
            }
        }
        assertThat(alice.ask("PATCH", upload, "content", PIECE, "Upload-Offset: 0", "Password: wrong").status()).isEqualTo(403);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
    }

    // Names are judged as everywhere; without one the server gives its time.
    @Test
    void namesFilesAsEverywhere() throws Exception {
        create("C:\\backups\\dö b.sql", 0);
        alice.ask("POST", "files", "", "Upload-Length: 0", "Upload-Metadata: name " + base64("from-uppy.txt"));
        alice.ask("POST", "files", "", "Upload-Length: 0");
        assertThat(names()).hasSize(3).contains("dö b.sql", "from-uppy.txt")
                .anyMatch(name -> name.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d_\\d{6}"));
        for (final String unusable : List.of("..", "a.~tmp", "a\u0000b", "x".repeat(256))) {
            assertThat(alice.ask("POST", "files", "", "Upload-Length: 1", metadata(unusable)).status()).isEqualTo(400);
        }
    }

    // Conflict and quota are decided when an upload is made, and again when it is complete.
    @Test
    void refusesAtTheEndWhatBecameImpossible() throws Exception {
        Files.writeString(BOX.resolve("there.txt"), "old");
        assertThat(alice.ask("POST", "files", "", "Upload-Length: 7", metadata("there.txt")).status()).isEqualTo(422);
        assertThat(new Caller(root, "small", VERSION).ask("POST", "files", "", "Upload-Length: 11").status()).isEqualTo(507);

        final String upload = create("a.txt", 7);
        patch(upload, 0, "con");
        Files.writeString(BOX.resolve("a.txt"), "faster");
        assertThat(patch(upload, 3, "tent").status()).isEqualTo(422);
        assertThat(head(upload).status()).isEqualTo(404);
        assertThat(BOX.resolve("a.txt")).hasContent("faster");
        assertThat(stored()).hasSize(2);
    }

    // What is complete is on stable storage, and its digest can be asked for.
    @Test
    void tellsTheDigestOfWhatIsStored() throws Exception {
        final String upload = create("a.txt", 7);
        final String expected = "sha-256=:" + digest("SHA-256", "content") + ":";
        patch(upload, 0, "con");
        assertThat(patch(upload, 3, "tent").headers()).containsEntry("repr-digest", expected);
        assertThat(head(upload).headers()).containsEntry("repr-digest", expected);
        assertThat(patch(upload, 7, "").headers()).containsEntry("repr-digest", expected);
        assertThat(patch(upload, 3, "tent").status()).isEqualTo(409);
    }

    // A client whose last answer was lost asks for the offset, and sends the nothing that is missing: tus-java-client in chunks.
    @ParameterizedTest
    @CsvSource({"Content-Length: 0, '', 204", "Content-Length: 4, more, 400", "Transfer-Encoding: chunked, 0, 204",
            "Transfer-Encoding: chunked, 4|more|0, 400"})
    void acknowledgesNothingMoreToWhatIsComplete(final String announced, final String body, final int status) throws Exception {
        final String upload = create("a.txt", 7);
        patch(upload, 0, "content");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, "PATCH", PIECE, "Upload-Offset: 7", announced) + body.replace("|", "\r\n") + "\r\n\r\n");
            assertThat(connection.readFinal().status()).isEqualTo(status);
        }
        assertThat(head(upload).headers()).containsEntry("upload-offset", "7").containsEntry("upload-length", "7");
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "The Server SHOULD always attempt to store as much of the received data as possible."
    @Test
    @OnEveryContainer
    void keepsWhatCameBeforeTheConnectionBroke() throws Exception {
        final String upload = create("a.txt", 7);
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, "PATCH", PIECE, "Upload-Offset: 0", "Content-Length: 7") + "con");
            await().until(() -> Files.size(bytesOf(upload)) == 3);
            connection.endOutput();
            // Clients resume after a status of the server's own, and not after others
            assertThat(connection.readFinalOrNone().map(Answer::status).orElse(503)).isGreaterThanOrEqualTo(500);
        }
        assertThat(head(upload).headers()).containsEntry("upload-offset", "3");
        assertThat(patch(upload, 3, "tent").status()).isEqualTo(204);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // A newer request takes over from an older one whose client is gone without a word.
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE"})
    @OnEveryContainer
    void doesNotWaitForARequestThatIsHalfDead(final String method) throws Exception {
        final String upload = create("a.txt", 7);
        try (RawConnection halfDead = new RawConnection(root)) {
            halfDead.send(head(upload, "PATCH", PIECE, "Upload-Offset: 0", "Content-Length: 7") + "con");
            await().until(() -> Files.size(bytesOf(upload)) == 3);

            final Answer answer = alice.ask(method, upload, method.equals("PATCH") ? "tent" : "", PIECE, "Upload-Offset: 3");

            assertThat(answer.status()).isEqualTo(method.equals("HEAD") ? 200 : 204);
            assertThat(answer.headers().getOrDefault("upload-offset", "none"))
                    .isEqualTo(method.equals("HEAD") ? "3" : method.equals("PATCH") ? "7" : "none");
        }
        assertThat(names()).isEqualTo(method.equals("PATCH") ? List.of("a.txt") : List.of());
    }

    // What the headers decide is answered before the body.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upload-Offset: 1 | application/offset+octet-stream | secret-pa55 | 409
            Upload-Offset: 0 | text/plain                      | secret-pa55 | 415
            Upload-Offset: 0 | application/offset+octet-stream | wrong       | 403
            Upload-Offset: x | application/offset+octet-stream | secret-pa55 | 400
            Upload-Offset: 0 | application/offset+octet-stream | secret-pa55 | 400
            """)
    @OnEveryContainer
    void refusesBeforeTheBody(final String offset, final String type, final String password, final int status) throws Exception {
        final String upload = create("a.txt", 7);
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, "PATCH", "Content-Type: " + type, offset, "Content-Length: 8", "Expect: 100-continue")
                    .replace(Contract.PASSWORD, password));
            final Answer first = connection.read();
            if (ContainerLimit.CONTINUES_AT_ONCE.isHere()) {
                assertThat(first.status()).isEqualTo(100);
                assertThat(connection.read().status()).isEqualTo(status);
            } else {
                assertThat(first.status()).isEqualTo(status);
            }
        }
    }

    @Test
    @OnEveryContainer
    void takesAPieceOfAClientThatWaitsAndOneInChunks() throws Exception {
        final String upload = create("a.txt", 7);
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, "PATCH", PIECE, "Upload-Offset: 0", "Content-Length: 3", "Expect: 100-continue"));
            assertThat(connection.read().status()).isEqualTo(100);
            assertThat(connection.send("con").readFinal().status()).isEqualTo(204);
            connection.send(head(upload, "PATCH", PIECE, "Upload-Offset: 3", "Transfer-Encoding: chunked"));
            assertThat(connection.send("4\r\ntent\r\n0\r\n\r\n").readFinal().status()).isEqualTo(204);
        }
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // A browser sends a request again by itself if its connection was used before and breaks: of a piece that would be all.
    @Test
    @OnEveryContainer
    void givesABrowserNoConnectionToUseAgain() throws Exception {
        final String upload = create("a.txt", 7);
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, "PATCH", PIECE, "Origin: http://x", "Upload-Offset: 0", "Content-Length: 3") + "con");
            assertThat(connection.readFinal().headers()).containsEntry("connection", "close");
            assertThat(connection.isAtEnd()).isTrue();
        }
    }

    private String create(final String name, final int length) throws Exception {
        return alice.location("files", alice.ask("POST", "files", "", "Upload-Length: " + length, metadata(name)));
    }

    private Answer head(final String upload) throws Exception {
        return alice.ask("HEAD", upload, "");
    }

    private Answer patch(final String upload, final long offset, final String piece, final String... headers) throws Exception {
        return alice.ask("PATCH", upload, piece, Stream.concat(
                Stream.of(PIECE, "Upload-Offset: " + offset), Stream.of(headers)).toArray(String[]::new));
    }

    private static String head(final String upload, final String method, final String... headers) {
        return method + " " + URI.create(upload).getPath() + " HTTP/1.1\r\nHost: x\r\nUsername: alice\r\nPassword: "
                + Contract.PASSWORD + "\r\n" + VERSION + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static String metadata(final String name) {
        return "Upload-Metadata: filename " + base64(name);
    }

    private static String base64(final String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
