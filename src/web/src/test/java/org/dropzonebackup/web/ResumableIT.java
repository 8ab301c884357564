package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.MAX_FILE_SIZE;
import static org.dropzonebackup.web.Contract.bytesOf;
import static org.dropzonebackup.web.Contract.digest;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload-13, interop version 10): above each test what it says, in
 * its own words, or what the drop box promises besides.
 */
@RunAsClient
class ResumableIT extends ContractPart {

    private static final String PIECE = "Content-Type: application/partial-upload";
    private static final String MORE = "Upload-Complete: ?0";
    private static final String LAST = "Upload-Complete: ?1";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=b";
    private static final String JSON = "Accept: application/json";
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    private Caller alice;

    @BeforeEach
    void callAsAlice() {
        alice = new Caller(root, "alice");
    }

    // "If the request content was fully processed, the server MUST include the Location response header field pointing to the
    // upload resource and MUST include the Upload-Limit header field with the corresponding limits if existing. Servers are
    // RECOMMENDED to use the 201 (Created) status code."
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT  | upload/a.txt | X-Nothing: 1
            POST | upload/a.txt | X-Nothing: 1
            POST | upload       | Content-Disposition: inline; filename=a.txt
            POST | upload/      | Content-Disposition: inline; filename=a.txt
            """)
    @OnEveryContainer
    void makesAnUploadResourceOfAnyUploadOfWhichMoreWillCome(final String method, final String path, final String header)
            throws Exception {
        final Answer created = alice.ask(method, path, "con", MORE, header);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers()).containsEntry("upload-offset", "3").containsEntry("upload-complete", "?0")
                .hasEntrySatisfying("upload-limit", limit -> assertThat(limit).matches("max-size=1000, max-age=60\\d{4}"));
        final String upload = alice.location(path, created);
        assertThat(URI.create(upload).getPath()).matches(root.getPath() + "upload-resources/[0-9a-f]{32}");

        final Answer answer = patch(upload, 3, "tent", LAST);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK");
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "The request content can be empty. [...] An Upload-Complete header field set to false is also valid. This can be used to
    // retrieve the upload resource's URI before transferring any representation data."
    @Test
    void letsACarefulClientBeginWithNothing() throws Exception {
        final String upload = create("a.txt");
        assertThat(patch(upload, 0, "con", MORE).status()).isEqualTo(204);
        assertThat(patch(upload, 3, "tent", MORE).status()).isEqualTo(204);
        assertThat(names()).isEmpty();
        assertThat(patch(upload, 7, "", LAST).status()).isEqualTo(200);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
        assertThat(patch(create("empty"), 0, "", LAST).status()).isEqualTo(200);
        assertThat(BOX.resolve("empty")).isEmptyFile();
    }

    // "If the Upload-Complete request header field is set to true, the client intends to transfer the entire representation
    // data in one request. If the request content was fully processed, no resumable upload is needed and the server proceeds to
    // process the request and generate a response."
    @Test
    void storesAWholeUploadAsIfNothingWereSaid() throws Exception {
        final Answer answer = alice.ask("PUT", "upload/a.txt", "content", LAST, "Upload-Length: 7", JSON);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("upload-complete", "?1").doesNotContainKey("location");
        assertThat(new JSONObject(answer.body()).getJSONArray("files").getJSONObject(0).getString("name")).isEqualTo("a.txt");
        assertThat(stored()).containsExactly(BOX.resolve("a.txt"));
        assertThat(alice.ask("PUT", "upload/empty", "", LAST, "Upload-Length: 0").headers()).containsEntry("upload-complete", "?1");
        assertThat(BOX.resolve("empty")).isEmptyFile();
    }

    // "When used in an upload creation response or an upload append response, Upload-Complete signals whether the response comes
    // from the initial targeted resource." "Upload-Complete can be true even when the full representation data was not
    // transmitted in the case that the server decides to generate an early response"
    @ParameterizedTest
    @ValueSource(strings = {LAST, MORE})
    void tellsARefusalOfTheUploadFromOneOfTheProtocol(final String complete) throws Exception {
        Files.writeString(BOX.resolve("there.txt"), "old");
        for (final Answer refused : List.of(alice.ask("PUT", "upload/there.txt", "content", complete),
                alice.ask("PUT", "upload/a.~tmp", "content", complete),
                alice.ask("PUT", "upload/b.txt", "content", complete, "Content-Encoding: gzip"))) {
            assertThat(refused.status()).isBetween(400, 499);
            assertThat(refused.headers()).containsEntry("upload-complete", "?1");
        }
        final String upload = create("a.txt");
        for (final Answer refused : List.of(patch(upload, 3, "tent", complete), patch(upload, 0, "con", complete, "Content-Encoding: gzip"),
                alice.ask("PATCH", upload, "con", complete, "Upload-Offset: 0", "Content-Type: text/plain"),
                alice.ask("PATCH", upload, "con", complete, PIECE), alice.ask("PATCH", upload, "con", "Upload-Offset: 0", PIECE))) {
            assertThat(refused.status()).isBetween(400, 499);
            assertThat(refused.headers()).containsEntry("upload-complete", "?0");
        }
    }

    /** A pipe that ends early brings no whole file. */
    @Test
    void storesNoBodyThatIsShorterThanItsUploadLength() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send("PUT " + root.getPath() + "upload/a.txt HTTP/1.1\r\nHost: x\r\nUsername: alice\r\nPassword: " + Contract.PASSWORD
                    + "\r\n" + LAST + "\r\nUpload-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(connection.readFinal().status()).isEqualTo(400);
        }
        assertThat(stored()).isEmpty();
    }

    // Up to its second version the draft said it the other way round; what such a client calls a piece is no file.
    @Test
    void takesNoPieceOfAnOldDraftForAFile() throws Exception {
        final Answer refused = alice.ask("PUT", "upload/a.txt", "con", "Upload-Incomplete: ?1", "Upload-Draft-Interop-Version: 3");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("Upload-Complete: ?0");
        assertThat(alice.ask("PUT", "upload/a.txt", "content", "Upload-Incomplete: ?0").status()).isEqualTo(200);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "Its value is a Boolean [...] Other values MUST cause the entire header field to be ignored." (Upload-Complete)
    @ParameterizedTest
    @ValueSource(strings = {"true", "0", "?2", "?0, ?1", "\"?0\"", "?"})
    void ignoresWhatIsNoBoolean(final String value) throws Exception {
        assertThat(alice.ask("PUT", "upload/a.txt", "content", "Upload-Complete: " + value).body()).isEqualTo("OK");
        assertThat(patch(create("b.txt"), 0, "x", "Upload-Complete: " + value).status()).isEqualTo(400);
    }

    // "Its value is a non-negative Integer [...] Other values MUST cause the entire header field to be ignored." (Upload-Offset,
    // Upload-Length)
    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.0", "\"1\"", "9999999999999999"})
    void ignoresWhatIsNoNumber(final String value) throws Exception {
        final String upload = create("a.txt", "Upload-Length: " + value);
        assertThat(head(upload).headers()).doesNotContainKey("upload-length");
        assertThat(alice.ask("PATCH", upload, "x", PIECE, MORE, "Upload-Offset: " + value).status()).isEqualTo(400);
        assertThat(patch(upload, 0, "x", "Upload-Complete: ?1;because=\"all\"", "Upload-Length: " + value).status()).isEqualTo(200);
    }

    // "If indicators (1) and (2) are both present in the same request, their indicated lengths MUST match. If multiple requests
    // include indicators, their indicated values MUST match." "inconsistent-upload-length"
    @Test
    void believesOnlyOneLength() throws Exception {
        assertInconsistent(alice.ask("PUT", "upload/a.txt", "content", LAST, "Upload-Length: 8", JSON));
        final String upload = create("a.txt", "Upload-Length: 7");
        assertInconsistent(patch(upload, 0, "con", MORE, "Upload-Length: 8", JSON));
        assertInconsistent(patch(upload, 0, "con", LAST, JSON));
        assertInconsistent(patch(upload, 0, "con", LAST, "Upload-Length: 7", JSON));
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0").containsEntry("upload-length", "7");
        assertThat(patch(upload, 0, "content", LAST, "Upload-Length: 7").status()).isEqualTo(200);
    }

    // "The server MUST record the length according to Section 4.1.3 if the Upload-Length or Upload-Complete: ?1 header fields
    // are included in the request."
    @Test
    void remembersTheLength() throws Exception {
        assertThat(head(create("a.txt", "Upload-Length: 7")).headers()).containsEntry("upload-length", "7");
        final String upload = create("b.txt");
        patch(upload, 0, "con", MORE, "Upload-Length: 7");
        assertThat(head(upload).headers()).containsEntry("upload-length", "7");
        final String cut = create("c.txt");
        cutOff(cut, LAST, "Content-Length: 7");
        assertThat(head(cut).headers()).containsEntry("upload-length", "7").containsEntry("upload-offset", "3");
    }

    // "It can fetch the offset by sending a HEAD or GET request to the upload resource. Using HEAD is RECOMMENDED, since response
    // content is not required for resumption." The answer has the offset and the limits; and the completeness and the length,
    // which no version of the draft forbids.
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "GET"})
    void tellsTheState(final String method) throws Exception {
        final String upload = create("a.txt");
        patch(upload, 0, "con", MORE);
        final Answer begun = alice.ask(method, upload, "");
        assertThat(begun.status()).isEqualTo(204);
        assertThat(begun.headers()).containsEntry("upload-offset", "3").containsEntry("upload-complete", "?0")
                .containsEntry("cache-control", "no-store").containsKey("upload-limit").doesNotContainKey("upload-length");
        patch(upload, 3, "tent", LAST);
        assertThat(alice.ask(method, upload, "").headers()).containsEntry("upload-offset", "7").containsEntry("upload-complete", "?1")
                .containsEntry("upload-length", "7").containsKey("upload-limit")
                .containsEntry("repr-digest", "sha-256=:" + digest("SHA-256", "content") + ":");
    }

    // What only an append says is not said when the offset is asked for.
    @ParameterizedTest
    @ValueSource(strings = {"Upload-Offset: 0", MORE, LAST})
    void isAskedForTheOffsetWithoutSayingIt(final String header) throws Exception {
        final String upload = create("a.txt");
        for (final String method : List.of("HEAD", "GET")) {
            assertThat(alice.ask(method, upload, "", header).status()).isEqualTo(400);
        }
        assertThat(alice.ask("HEAD", upload, "", "Upload-Offset: x", "Upload-Complete: x").status()).as("ignored").isEqualTo(204);
    }

    // "If the Upload-Offset request header field value does not match the current offset, the server MUST reject the request with
    // a 409 (Conflict) status code and the Upload-Complete header field set to false" "The response MUST include the correct
    // offset in the Upload-Offset header field."
    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4, 100})
    void goesOnNowhereElse(final long offset) throws Exception {
        final String upload = create("a.txt");
        patch(upload, 0, "con", MORE);
        final Answer answer = patch(upload, offset, "tent", LAST, JSON);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.headers()).containsEntry("upload-offset", "3").containsEntry("upload-complete", "?0").containsEntry("content-type",
                "application/problem+json;charset=utf-8".replace(";charset=utf-8", charset(answer)));
        final JSONObject problem = new JSONObject(answer.body());
        assertThat(problem.getString("type")).isEqualTo(TYPES + "mismatching-upload-offset");
        assertThat(problem.getLong("expected-offset")).isEqualTo(3);
        assertThat(problem.getLong("provided-offset")).isEqualTo(offset);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "3");
    }

    private static String charset(final Answer answer) {
        return answer.headers().get("content-type").substring("application/problem+json".length());
    }

    // "the client might still perform an upload append after an offset retrieval due to the response being lost during
    // transmission. The server can choose to replay the final response to the client if the request to append to the completed
    // upload is valid."
    @Test
    void addsNothingToWhatIsComplete() throws Exception {
        final String upload = create("a.txt");
        final Answer stored = patch(upload, 0, "content", LAST, JSON);

        assertInconsistent(patch(upload, 7, "more", LAST, JSON));
        assertInconsistent(patch(upload, 7, "more", MORE, JSON));
        for (final String complete : List.of(LAST, MORE)) {
            final Answer again = patch(upload, 7, "", complete, JSON);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.headers()).containsEntry("upload-complete", "?1").containsEntry("upload-offset", "7");
            assertThat(again.body()).isEqualTo(stored.body());
        }
        final Answer elsewhere = patch(upload, 3, "tent", LAST);
        assertThat(elsewhere.status()).isEqualTo(409);
        assertThat(elsewhere.headers()).containsEntry("upload-complete", "?0").containsEntry("upload-offset", "7");
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // "the server SHOULD generate the response that matches what the resource, that was targeted by the initial upload creation,
    // would have generated if it had processed the entire representation in the initial request. However, the response MUST
    // include the Upload-Complete header field with a true value"
    @Test
    @OnEveryContainer
    void answersInTheEndAsAPlainUpload() throws Exception {
        final Answer stored = patch(create("a.txt"), 0, "content", LAST, JSON);
        assertThat(stored.headers()).containsEntry("upload-complete", "?1");
        final JSONObject receipt = new JSONObject(stored.body()).getJSONArray("files").getJSONObject(0);
        assertThat(receipt.getString("name")).isEqualTo("a.txt");
        assertThat(receipt.getString("sha256")).hasSize(64);
        assertThat(receipt.getString("user")).isEqualTo("alice");

        final String conflict = create("b.txt");
        Files.writeString(BOX.resolve("b.txt"), "faster");
        final String damaged = create("c.txt", "Repr-Digest: sha-256=:" + digest("SHA-256", "content") + ":");
        for (final Answer refused : List.of(patch(conflict, 0, "content", LAST), patch(damaged, 0, "kontent", LAST))) {
            assertThat(refused.status()).isIn(409, 422);
            assertThat(refused.headers()).containsEntry("upload-complete", "?1");
        }
        assertThat(head(conflict).status()).isEqualTo(404);
        assertThat(head(damaged).status()).isEqualTo(404);
        assertThat(names()).containsExactlyInAnyOrder("a.txt", "b.txt");
        assertThat(BOX.resolve("b.txt")).hasContent("faster");
    }

    // "If the Upload-Complete request header field is set to false, [...] the server acknowledges the appended data by sending a
    // 2xx (Successful) response with the Upload-Complete header field set to false."
    @Test
    void acknowledgesEachPiece() throws Exception {
        final String upload = create("a.txt", "Upload-Length: 7");
        assertThat(patch(upload, 0, "", MORE).status()).isEqualTo(204);
        final Answer answer = patch(upload, 0, "content", MORE);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).containsEntry("upload-complete", "?0").containsEntry("upload-offset", "7");
        assertThat(head(upload).headers()).containsEntry("upload-length", "7").containsEntry("upload-complete", "?0");
        assertThat(names()).isEmpty();
    }

    // "If the length is known, the server MUST prevent the offset from exceeding the upload length by rejecting the request once
    // the offset exceeds the length, marking the upload resource invalid and rejecting any further interaction with it. It is
    // not sufficient to rely on the Content-Length header field for enforcement"
    @Test
    void endsAnUploadThatBecomesTooLong() throws Exception {
        final String announced = create("b.txt", "Upload-Length: 7");
        assertThat(patch(announced, 0, "content", MORE).status()).isEqualTo(204);
        assertInconsistent(patch(announced, 7, "s", MORE, JSON));
        assertThat(head(announced).status()).isEqualTo(404);
        assertInconsistent(alice.ask("PUT", "upload/c.txt", "contents", MORE, "Upload-Length: 7", JSON));
        final String upload = create("a.txt", "Upload-Length: 7");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, MORE, "Upload-Offset: 0", "Transfer-Encoding: chunked"));
            assertThat(connection.send("8\r\ncontents\r\n0\r\n\r\n").readFinal().status()).isEqualTo(400);
        }
        assertThat(head(upload).status()).isEqualTo(404);
        assertThat(stored()).isEmpty();
    }

    // "The server might not process the entire request content when the upload is interrupted [...] the server SHOULD append as
    // much of the request content as possible to the upload resource [...] In addition, the upload resource MUST NOT be
    // considered complete then." "the offset MUST NOT decrease"
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 7", "Transfer-Encoding: chunked"})
    @OnEveryContainer
    void keepsWhatCameBeforeTheConnectionBroke(final String announced) throws Exception {
        final String upload = create("a.txt");
        cutOff(upload, LAST, announced);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "3").containsEntry("upload-complete", "?0");
        assertThat(patch(upload, 3, "tent", LAST).status()).isEqualTo(200);
        assertThat(BOX.resolve("a.txt")).hasContent("content");
    }

    // An upload resource that nobody can know is not kept.
    @Test
    @OnEveryContainer
    void removesWhatWasCutOffBeforeItsClientLearnedWhereItIs() throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send("PUT " + root.getPath() + "upload/a.txt HTTP/1.1\r\nHost: x\r\nUsername: alice\r\nPassword: "
                    + Contract.PASSWORD + "\r\n" + MORE + "\r\nContent-Length: 7\r\n\r\ncon");
            await().until(() -> !stored().isEmpty());
            connection.endOutput();
            await().until(() -> stored().isEmpty());
        }
    }

    // "If a server receives a new request to retrieve the offset, append representation data, or cancel the upload while a
    // previous request for creating the upload or appending representation data to the same upload resource is still ongoing,
    // the server SHOULD prevent race conditions, data loss, and corruption by terminating the previous request" "the offset sent
    // by the server MUST be accepted in a subsequent request"
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "GET", "PATCH", "DELETE"})
    @OnEveryContainer
    void doesNotWaitForARequestThatIsHalfDead(final String method) throws Exception {
        final String upload = create("a.txt");
        try (RawConnection halfDead = new RawConnection(root)) {
            halfDead.send(head(upload, LAST, "Upload-Offset: 0", "Content-Length: 7") + "con");
            await().until(() -> Files.size(bytesOf(upload)) == 3);
            if (method.equals("PATCH")) {
                assertThat(patch(upload, 3, "tent", LAST).status()).isEqualTo(200);
            } else {
                assertThat(alice.ask(method, upload, "").status()).isEqualTo(204);
            }
        }
        assertThat(head(upload).headers().getOrDefault("upload-offset", "none"))
                .isEqualTo(method.equals("PATCH") ? "7" : method.equals("DELETE") ? "none" : "3");
    }

    // "Upon receiving a DELETE request, the server SHOULD deactivate the upload resource."
    @Test
    void cancelsAnUploadAndNeverAFile() throws Exception {
        final String begun = create("a.txt");
        patch(begun, 0, "con", MORE);
        assertThat(alice.ask("DELETE", begun, "").status()).isEqualTo(204);
        assertThat(stored()).isEmpty();
        final String done = create("b.txt");
        patch(done, 0, "content", LAST);
        assertThat(alice.ask("DELETE", done, "").status()).isEqualTo(204);
        assertThat(stored()).containsExactly(BOX.resolve("b.txt"));
        for (final String gone : List.of(begun, done)) {
            assertThat(head(gone).status()).isEqualTo(404);
            assertThat(patch(gone, 0, "x", LAST).status()).isEqualTo(404);
            assertThat(alice.ask("DELETE", gone, "").status()).isEqualTo(404);
        }
    }

    // "the server MUST include the Accept-Patch header field in the response [to OPTIONS]" "The value of the Accept-Patch header
    // field MUST include the full application/partial-upload media type" "The Upload-Limit header field SHOULD be included"
    @Test
    @OnEveryContainer
    void tellsEverybodyWhatIsOffered() throws Exception {
        for (final String path : List.of("upload", "upload/", "upload/a.txt", create("a.txt"))) {
            final Answer answer = new Caller(root, "nobody").ask("OPTIONS", path, "", LAST);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.headers()).containsEntry("accept-patch", "application/partial-upload")
                    .containsEntry("upload-limit", "max-size=1000, max-age=604800")
                    .hasEntrySatisfying("allow", allow -> assertThat(allow).startsWith("OPTIONS, "));
        }
    }

    // "A server responding with a 413 Content Too Large status code as a result of its upload limits MUST include the
    // Upload-Limit header in this response"
    @Test
    void tellsTheLimitThatIsCrossed() throws Exception {
        final String tooLong = "Upload-Length: " + (MAX_FILE_SIZE + 1);
        final String upload = create("a.txt");
        for (final Answer answer : List.of(alice.ask("PUT", "upload/b.txt", "", MORE, tooLong), patch(upload, 0, "x", MORE, tooLong),
                alice.ask("PUT", "upload/b.txt", "x".repeat(MAX_FILE_SIZE + 1), LAST),
                patch(upload, 0, "x".repeat(MAX_FILE_SIZE + 1), LAST))) {
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.headers().get("upload-limit")).startsWith("max-size=1000");
        }
    }

    // "A server applies a PATCH request with the application/partial-upload media type to an upload resource"
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/offset+octet-stream", "application/octet-stream"})
    void takesPiecesOfItsOwnTypeOnly(final String type) throws Exception {
        final Answer answer = alice.ask("PATCH", create("a.txt"), "x", LAST, "Upload-Offset: 0", "Content-Type: " + type);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.headers()).containsEntry("accept-patch", "application/partial-upload");
    }

    // "If the digests don't match the server SHOULD consider the transfer failed, not append the content to the upload resource,
    // and signal the failure to the client." (Content-Digest)
    @Test
    void keepsNothingThatDoesNotMatchItsDigest() throws Exception {
        final String upload = create("a.txt");
        final String digest = "Content-Digest: sha-256=:" + digest("SHA-256", "con") + ":";
        assertThat(patch(upload, 0, "kon", MORE, digest).status()).isEqualTo(422);
        assertThat(patch(upload, 0, "con", MORE, "Content-Digest: sha-256=nonsense").status()).isEqualTo(400);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
        assertThat(patch(upload, 0, "con", MORE, digest).status()).isEqualTo(204);
        assertThat(patch(upload, 3, "tent", LAST).status()).isEqualTo(200);
        assertThat(alice.ask("PUT", "upload/b.txt", "kon", MORE, digest).status()).isEqualTo(422);
        assertThat(names()).containsExactly("a.txt");
    }

    // The body of a form may come in pieces too, cut wherever a connection breaks.
    @Test
    @OnEveryContainer
    void readsAFormOnceItIsComplete() throws Exception {
        final String form = "--b\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\nfirst\r\n"
                + "--b\r\nContent-Disposition: form-data; name=f; filename=b.txt\r\n\r\nsecond\r\n--b--\r\n";
        final String upload = alice.location("upload", alice.ask("POST", "upload", form.substring(0, 10), MORE, FORM));
        patch(upload, 10, form.substring(10, 90), MORE);
        assertThat(names()).isEmpty();

        final Answer answer = patch(upload, 90, form.substring(90), LAST, JSON);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("upload-complete", "?1");
        assertThat(new JSONObject(answer.body()).getJSONArray("files")).hasSize(2);
        assertThat(BOX.resolve("a.txt")).hasContent("first");
        assertThat(BOX.resolve("b.txt")).hasContent("second");

        final String cut = alice.location("upload", alice.ask("POST", "upload", "--b\r\nCont", MORE, FORM));
        final Answer refused = patch(cut, 9, "", LAST);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers()).containsEntry("upload-complete", "?1");
        assertThat(head(cut).status()).isEqualTo(404);
    }

    // An upload resource belongs to its user and to its protocol: to everybody else it looks as if it never was.
    @Test
    void hidesAnUploadFromEverybodyElse() throws Exception {
        final String upload = create("a.txt");
        for (final String user : List.of("bob", "small")) {
            for (final String method : List.of("PATCH", "DELETE")) {
                assertThat(new Caller(root, user).ask(method, upload, "", PIECE, LAST, "Upload-Offset: 0").status())
                        .as(user + " " + method).isEqualTo(404);
            }
            for (final String method : List.of("HEAD", "GET")) {
                assertThat(new Caller(root, user).ask(method, upload, "").status()).as(user + " " + method).isEqualTo(404);
            }
        }
        assertThat(alice.ask("HEAD", upload.replace("upload-resources", "files"), "", "Tus-Resumable: 1.0.0").status()).isEqualTo(404);
        assertThat(alice.ask("HEAD", upload, "", "Password: wrong").status()).isEqualTo(403);
        assertThat(head(upload).headers()).containsEntry("upload-offset", "0");
    }

    // Path and method first, then who, then what.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | upload-resources/0123456789abcdef0123456789abcdef | wrong       | 403
            GET    | upload-resources/0123456789abcdef0123456789abcdef | secret-pa55 | 404
            POST   | upload-resources/0123456789abcdef0123456789abcdef | wrong       | 405
            HEAD   | upload-resources/0123456789abcdef0123456789abcdef | wrong       | 403
            HEAD   | upload-resources/0123456789abcdef0123456789abcdef | secret-pa55 | 404
            HEAD   | upload-resources/nonsense                         | secret-pa55 | 404
            PATCH  | upload-resources/a/b                              | wrong       | 404
            DELETE | upload-resources                                  | wrong       | 404
            PATCH  | upload/a.txt                                      | secret-pa55 | 405
            HEAD   | upload/a.txt                                      | secret-pa55 | 405
            """)
    void judgesThePathThenWhoThenWhat(final String method, final String path, final String password, final int status)
            throws Exception {
        final String[] piece = method.equals("PATCH") ? new String[] {PIECE, LAST, "Upload-Offset: 0"} : new String[0];
        assertThat(alice.ask(method, path, "", with(piece, "Password: " + password)).status()).isEqualTo(status);
    }

    // "the server MUST NOT omit the 100 (Continue) response"; and what the headers decide is answered before it.
    @Test
    @OnEveryContainer
    void letsAClientThatWaitsBegin() throws Exception {
        final String upload = create("a.txt");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, LAST, "Upload-Offset: 0", "Content-Length: 7", "Expect: 100-continue"));
            assertThat(connection.read().status()).isEqualTo(100);
            assertThat(connection.send("content").read().status()).isEqualTo(200);
        }
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, LAST, "Upload-Offset: 0", "Content-Length: 7", "Expect: 100-continue"));
            final Answer first = connection.read();
            if (ContainerLimit.CONTINUES_AT_ONCE.isHere()) {
                assertThat(first.status()).isEqualTo(100);
                assertThat(connection.read().status()).isEqualTo(409);
            } else {
                assertThat(first.status()).isEqualTo(409);
            }
        }
    }

    // "metadata MUST be validated and/or sanitized if the server takes its values into consideration"; quota and conflict are
    // judged at the creation.
    @Test
    void judgesAtTheCreation() throws Exception {
        Files.writeString(BOX.resolve("there.txt"), "old");
        assertThat(alice.ask("PUT", "upload/there.txt", "", MORE).status()).isEqualTo(409);
        assertThat(alice.ask("PUT", "upload/a/", "", MORE).status()).isEqualTo(400);
        assertThat(alice.ask("PUT", "upload/a.~tmp", "", MORE).status()).isEqualTo(400);
        assertThat(alice.ask("PUT", "upload/a.txt", "", MORE, "Content-Encoding: gzip").status()).isEqualTo(415);
        assertThat(new Caller(root, "small").ask("PUT", "upload/a.txt", "", MORE, "Upload-Length: 11").status()).isEqualTo(507);
        assertThat(stored()).hasSize(1);
    }

    private static void assertInconsistent(final Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).containsEntry("upload-complete", "?0");
        assertThat(new JSONObject(answer.body()).getString("type")).isEqualTo(TYPES + "inconsistent-upload-length");
    }

    private String create(final String name, final String... headers) throws Exception {
        final String path = "upload/" + name;
        return alice.location(path, alice.ask("PUT", path, "", with(headers, MORE)));
    }

    private Answer head(final String upload) throws Exception {
        return alice.ask("HEAD", upload, "");
    }

    private Answer patch(final String upload, final long offset, final String piece, final String... headers) throws Exception {
        return alice.ask("PATCH", upload, piece, with(headers, PIECE, "Upload-Offset: " + offset));
    }

    /** Sends three bytes of more, and nothing more. */
    private void cutOff(final String upload, final String complete, final String announced) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(head(upload, complete, "Upload-Offset: 0", announced)
                    + (announced.startsWith("Content-Length") ? "con" : "3\r\ncon\r\n"));
            await().until(() -> Files.size(bytesOf(upload)) == 3);
            connection.endOutput();
            // Clients resume after a status of the server's own, and not after others
            assertThat(connection.readFinalOrNone().map(Answer::status).orElse(503)).isGreaterThanOrEqualTo(500);
        }
    }

    private static String head(final String upload, final String... headers) {
        return "PATCH " + URI.create(upload).getPath() + " HTTP/1.1\r\nHost: x\r\nUsername: alice\r\nPassword: "
                + Contract.PASSWORD + "\r\n" + PIECE + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static String[] with(final String[] headers, final String... more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }
}
