package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.web.Contract.PASSWORD;
import static org.dropzonebackup.web.Contract.names;
import static org.dropzonebackup.web.Contract.stored;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers send who look for a way in: a clear no for each, on every container. */
@RunAsClient
@OnEveryContainer
class HostileRequestsIT extends ContractPart {

    private static final String FORM = "Content-Type: multipart/form-data; boundary=b";
    /** One for each way in, all by the same user. */
    private static final List<String> FOR_ALL = List.of("POST upload", "PUT upload/a.txt", "POST files/", "PATCH files/" + "0".repeat(32),
            "DELETE files/" + "0".repeat(32), "HEAD upload-resources/" + "0".repeat(32), "PATCH upload-resources/" + "0".repeat(32),
            "DELETE upload-resources/" + "0".repeat(32), "POST login", "GET challenge");

    @Test
    void refusesAPathThatLeadsElsewhereWhoeverSendsIt() throws Exception {
        for (final HostilePaths.Request request : HostilePaths.of("alice", PASSWORD).toList()) {
            try (RawConnection connection = new RawConnection(root)) {
                final RawConnection.Answer answer = request.sendTo(connection, root.getPath());

                assertThat(answer.status()).as(request.toString()).isEqualTo(400);
                assertThat(answer.body()).as(request.toString()).doesNotContain("Exception", "id=\"form\"");
            }
        }
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: Same-Origin",
            "Origin: null", "Origin: http://example.org", "Origin: https://127.0.0.1", "Origin: http://127.0.0.1:1", "Origin: null, http://x",
            "Origin: http://example.org\r\nX-Forwarded-Host: example.com", "Origin: http://@x"})
    void takesNothingThatAPageOfAnotherSiteHasABrowserSend(final String from) throws Exception {
        for (final String request : FOR_ALL) {
            assertThat(ask(request, from).status()).as(request).isEqualTo(403);
        }
        assertThat(ask("POST upload.xhtml", from, FORM).status()).isEqualTo(403);
        assertThat(ask("GET upload.xhtml", from).status()).as("a link from elsewhere").isNotEqualTo(403);
        assertThat(ask("OPTIONS upload", from).headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Nothing: 1", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://x",
            "Sec-Fetch-Site: same-origin\r\nOrigin: https://behind-a-proxy", "Origin: https://X:443",
            "Origin: http://box.example:8080\r\nX-Forwarded-Host: box.example:8080"})
    void takesWhatItsOwnPagesAndProgramsSend(final String from) throws Exception {
        for (final String request : FOR_ALL) {
            assertThat(ask(request, from).status()).as(request).isNotEqualTo(403).isLessThan(500);
        }
        assertThat(ask("POST upload.xhtml", from, FORM).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta.faces.ViewState=x", "jakarta.faces.ViewState", "jakarta.faces.ViewState=stateless",
            "%6Aakarta.faces.ViewState=rO0ABXNy", "a=b&jakarta.faces.ViewState=", "jakarta.faces.partial.ajax=true",
            "jakarta.faces.source=x&jakarta.faces.partial.execute=@all", "javax.faces.ViewState=x", "%zz", "a=%c3%28", "a=%"})
    void refusesWhatOnlyFacesWouldUnderstand(final String query) throws Exception {
        for (final String request : List.of("GET upload.xhtml?", "HEAD upload.xhtml?", "POST upload.xhtml?", "GET ?", "POST upload.xhtml;x?")) {
            final RawConnection.Answer answer = ask(request + query, FORM);
            assertThat(answer.status()).as(request).isBetween(400, 499);
            assertThat(answer.body()).doesNotContain("Exception", "at org.");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | upload.xhtml                                        | Faces-Request: partial/ajax
            GET  | upload.xhtml                                        | Faces-Request: x
            GET  | jakarta.faces.resource/faces.js.xhtml?ln=jakarta.faces | X-Nothing: 1
            GET  | jakarta.faces.resource/upload.xhtml                 | X-Nothing: 1
            GET  | jakarta.faces.resource/web.xml.xhtml?ln=../WEB-INF  | X-Nothing: 1
            GET  | jakarta.faces.push/x.xhtml                          | X-Nothing: 1
            GET  | WEB-INF/templates/site.xhtml                        | X-Nothing: 1
            GET  | .xhtml                                              | X-Nothing: 1
            POST | upload.xhtml                                        | Content-Type: application/x-www-form-urlencoded
            POST | upload.xhtml                                        | Content-Type: ;;
            POST | upload.xhtml                                        | Content-Type: multipart/form-data
            POST | upload.xhtml                                        | Content-Type: multipart/form-data; boundary=b
            POST | upload.xhtml                                        | Content-Type: multipart/form-dataX; boundary=b
            POST | upload.xhtml                                        | Content-Type: multipart/form-data boundary=b
            POST | upload.xhtml                                        | Content-Type: multipart/form-data; boundary==?utf-8?B?a?=
            POST | upload                                              | Content-Type: multipart/form-data; boundary==?utf-8?B?a?=
            POST | upload                                              | Content-Type: multipart/form-data; boundary==?utf-8?B?!!!?=
            """)
    void refusesWhatIsNoPageAndNoForm(final String method, final String path, final String header) throws Exception {
        final RawConnection.Answer answer = ask(method + " " + path, header);
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("Exception", "at org.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/;a", "/;", "/;a=b/;c", "/", "//;x"})
    void findsTheNameBehindPathParametersOrRefusesThePath(final String before) throws Exception {
        try (RawConnection connection = new RawConnection(root)) {
            final RawConnection.Answer answer = connection.send(Way.PUT.head(before + root.getPath(), "", "a.txt", 1,
                    "Content-Length: 1") + "x").readFinal();
            assertThat(answer.status()).as(answer.body()).isIn(200, 400, 404);
            assertThat(names()).isEqualTo(answer.status() == 200 ? List.of("a.txt") : List.of());
        }
    }

    @Test
    void refusesAQueryWithTooManyParameters() throws Exception {
        assertThat(ask("GET upload.xhtml?" + "a&".repeat(1200), "X-Nothing: 1").status()).isEqualTo(400);
    }

    /** What others add to links, and what is in headers, is nothing to Faces. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Type: text/html; charset=nonsense", "Content-Type: ;;;", "Accept: image/png", "Accept: ;;q=",
            "Accept-Charset: nonsense", "Accept-Language: x-y-;;;q=9,*,%%%", "Cookie: csfcfc=7f_0_1; JSESSIONID=x",
            "X-Requested-With: XMLHttpRequest"})
    void showsThePageWhateverItsVisitorsBrowserSays(final String header) throws Exception {
        final RawConnection.Answer page = ask("GET upload.xhtml?utm_source=x&fbclid=1", header);
        assumeTrue(page.status() != 503, "the page does not start in this container, which has classes of the application itself");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("</html>");
    }

    private RawConnection.Answer ask(final String request, final String... headers) throws IOException {
        final String[] parts = request.split(" ");
        try (RawConnection connection = new RawConnection(root)) {
            connection.send(parts[0] + " " + root.getPath() + parts[1] + " HTTP/1.1\r\nHost: x\r\nUsername: alice\r\nPassword: "
                    + PASSWORD + "\r\n" + String.join("\r\n", headers) + "\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 1\r\n");
            connection.send(switch (parts[0]) {
                case "GET" -> "\r\n";
                // Its answer says how long a body is that does not come
                case "HEAD" -> "Connection: close\r\n\r\n";
                default -> "Content-Length: 1\r\n\r\nx";
            });
            return connection.readFinal();
        }
    }
}
