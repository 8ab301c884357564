package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.digest;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.web.RawConnection.Answer;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code If-None-Match} and {@code If-Match} (RFC 9110, section 13.1), where nothing that is stored has an entity tag. */
@RunAsClient
class PreconditionIT extends ContractPart {

    private static final String NAME = "a.txt";

    @ParameterizedTest
    @EnumSource(value = Way.class, names = "FORM_BY_DRAFT", mode = EnumSource.Mode.EXCLUDE)
    void refusesAFileThatWasToBeNewIfItsNameIsTaken(final Way way) throws Exception {
        Files.writeString(BOX.resolve(NAME), "content");
        for (final String condition : List.of("*", " * ", "\"x\", *")) {
            final Answer answer = send(way, "content", "If-None-Match: " + condition);
            assertThat(answer.status()).as(condition).isEqualTo(412);
            assertThat(answer.body()).contains("exists already");
        }
        assertThat(send(way, "content", "If-None-Match: *", "Repr-Digest: sha-256=:" + digest("SHA-256", "content") + ":").status())
                .as("also the very same").isEqualTo(412);
        assertThat(stored()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void takesAFileThatIsNew(final Way way) throws Exception {
        assertThat(send(way, "content", "If-None-Match: *").status()).isEqualTo(way.success());
        emptyTheBox();
        assertThat(send(way, "content", "If-None-Match: \"x\", W/\"y\"").status()).isEqualTo(way.success());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void neverMeetsAnEntityTag(final Way way) throws Exception {
        for (final String tag : List.of("*", "\"x\"", "x")) {
            assertThat(send(way, "content", "If-Match: " + tag).status()).isEqualTo(412);
        }
        assertThat(stored()).isEmpty();
    }

    @Test
    @OnEveryContainer
    void saysSoBeforeTheBody() throws Exception {
        Files.writeString(BOX.resolve(NAME), "old");
        for (final Way way : List.of(Way.PUT, Way.POST, Way.DRAFT, Way.TUS_WITH_UPLOAD)) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(way.head(root.getPath(), "", NAME, 7, "If-None-Match: *", "Content-Length: 7", "Expect: 100-continue"));
                final Answer first = connection.read();
                final Answer answer = ContainerLimit.CONTINUES_AT_ONCE.isHere() ? connection.read() : first;
                assertThat(answer.status()).as(way.name()).isEqualTo(412);
            }
        }
    }

    @Test
    void holdsForAnUploadInPiecesUntilItIsComplete() throws Exception {
        final Caller alice = new Caller(root, "alice");
        final String file = alice.location("upload/a.txt", alice.ask("PUT", "upload/a.txt", "", "Upload-Complete: ?0", "If-None-Match: *"));
        final String form = alice.location("upload", alice.ask("POST", "upload", Way.FORM.body(NAME, "content"), "Upload-Complete: ?0",
                "If-None-Match: *", "Content-Type: multipart/form-data; boundary=b"));
        Files.writeString(BOX.resolve(NAME), "faster");
        final String[] piece = {"Upload-Complete: ?1", "Content-Type: application/partial-upload"};
        assertThat(alice.ask("PATCH", file, "content", with(piece, "Upload-Offset: 0")).status()).isEqualTo(412);
        assertThat(alice.ask("PATCH", form, "", with(piece, "Upload-Offset: " + Way.FORM.body(NAME, "content").length())).status())
                .isEqualTo(412);
        assertThat(stored()).hasSize(1);
        assertThat(BOX.resolve(NAME)).hasContent("faster");
    }

    @Test
    void addsNothingToAnUploadOnAConditionThatItCannotMeet() throws Exception {
        final Caller alice = new Caller(root, "alice");
        final String upload = alice.location("upload/a.txt", alice.ask("PUT", "upload/a.txt", "", "Upload-Complete: ?0"));
        for (final String condition : List.of("If-Match: \"x\"", "If-None-Match: *")) {
            assertThat(alice.ask("PATCH", upload, "content", "Upload-Complete: ?1", "Content-Type: application/partial-upload",
                    "Upload-Offset: 0", condition).status()).as(condition).isEqualTo(412);
        }
        assertThat(names()).isEmpty();
    }

    private static String[] with(final String[] headers, final String more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }

    private Answer send(final Way way, final String content, final String... headers) throws IOException {
        final String body = way.body(NAME, content);
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(way.head(root.getPath(), "", NAME, content.length(), with(headers, "Content-Length: " + body.length())) + body);
            return connection.readFinal();
        }
    }
}
