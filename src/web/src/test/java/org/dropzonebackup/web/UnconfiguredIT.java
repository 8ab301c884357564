package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.dropzonebackup.core.CapturedLog;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The finished WAR with a setting that cannot be read. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class UnconfiguredIT {

    private static final String WEB_XML = "WEB-INF/web.xml";
    /** Before Arquillian deploys. */
    private static final CapturedLog SAID = new CapturedLog(DropzoneApplication.class);

    @ArquillianResource
    private URL root;

    @Deployment(testable = false)
    static WebArchive war() throws IOException {
        final WebArchive war = ShrinkWrap.create(ZipImporter.class, "unconfigured.war")
                .importFrom(new File(System.getProperty("contract.war"))).as(WebArchive.class);
        final String wrong = "<context-param><param-name>dropzone.fsync</param-name><param-value>perhaps</param-value></context-param>"
                + "<context-param><param-name>dropzone.cors-origins</param-name><param-value>" + Contract.FRIEND
                + "</param-value></context-param></web-app>";
        try (InputStream webXml = war.get(WEB_XML).getAsset().openStream()) {
            final String text = new String(webXml.readAllBytes(), StandardCharsets.UTF_8);
            war.delete(WEB_XML);
            war.add(new StringAsset(text.replace("</web-app>", wrong)), WEB_XML);
        }
        return war;
    }

    @AfterAll
    static void printAgain() {
        SAID.close();
    }

    @Test
    void saysInTheLogWhichSettingIsWrong() {
        assertThat(SAID.lines()).contains(
                "SEVERE wrong setting: context parameter dropzone.fsync: 'perhaps' is neither true nor false");
    }

    @Test
    void saysSoToWhoAsksForItsHealth() throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            final RawConnection.Answer answer = connection.send("GET /unconfigured/health HTTP/1.1\r\nHost: x\r\n\r\n").readFinal();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"status\":\"misconfigured\"}\n");
        }
    }

    @Test
    void answersEveryUploadWithUnavailableInsteadOfGuessing() throws IOException {
        for (final String request : new String[] {"PUT /unconfigured/upload/a.txt", "POST /unconfigured/upload"}) {
            try (RawConnection connection = new RawConnection(root)) {
                connection.send(request + " HTTP/1.1\r\nHost: x\r\nOrigin: " + Contract.FRIEND + "\r\nContent-Length: 1\r\n\r\nx");
                final RawConnection.Answer answer = connection.readFinal();

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.headers()).containsKey("retry-after").containsEntry("cache-control", "no-store")
                        .containsEntry("access-control-allow-origin", Contract.FRIEND);
                assertThat(answer.body()).contains("set up wrongly").doesNotContain("perhaps");
            }
        }
    }
}
