package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.web.page.PageServlet;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The finished WAR while its page starts, which takes as long as the test wants. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class PageStartIT {

    private static final String SLOW = "slow";
    private static final String FAILING = "failing";
    private static final String STOPPED = "stopped";
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final String LISTENER = """
            <system-event-listener>
              <system-event-listener-class>org.dropzonebackup.web.PageGate</system-event-listener-class>
              <system-event-class>jakarta.faces.event.%s</system-event-class>
            </system-event-listener>
            """;
    private static final String AS_ALICE = "Host: x\r\nUsername: alice\r\nPassword: " + Contract.PASSWORD + "\r\n";

    /** Not closed: the pages come once more when Arquillian undeploys them, after all tests. */
    private static final ServerSocket SLOW_GATE = gate();
    private static final ServerSocket FAILING_GATE = gate();
    private static final ServerSocket STOPPED_GATE = gate();

    @ArquillianResource
    @OperateOnDeployment(SLOW)
    private URL slow;

    @ArquillianResource
    @OperateOnDeployment(FAILING)
    private URL failing;

    @ArquillianResource
    private Deployer deployer;

    @Deployment(name = SLOW, testable = false)
    static WebArchive slow() throws IOException {
        return held("slow.war", SLOW_GATE);
    }

    @Deployment(name = FAILING, testable = false)
    static WebArchive failing() throws IOException {
        return held("failing.war", FAILING_GATE);
    }

    @Deployment(name = STOPPED, testable = false, managed = false)
    static WebArchive stopped() throws IOException {
        return held("stopped.war", STOPPED_GATE);
    }

    private static WebArchive held(final String name, final ServerSocket gate) throws IOException {
        // As a file: the class path of the tests has no Faces
        final WebArchive war = Contract.war(name).addAsResource("org/dropzonebackup/web/PageGate.class");
        insert(war, "WEB-INF/web.xml", "</web-app>", "<context-param><param-name>" + PageGate.PORT + "</param-name>"
                + "<param-value>" + gate.getLocalPort() + "</param-value></context-param>");
        insert(war, "WEB-INF/faces-config.xml", "</application>", LISTENER.formatted("PostConstructApplicationEvent")
                + LISTENER.formatted("PreDestroyApplicationEvent"));
        return war;
    }

    private static void insert(final WebArchive war, final String file, final String before, final String text)
            throws IOException {
        try (InputStream in = war.get(file).getAsset().openStream()) {
            final String old = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            war.delete(file);
            war.add(new StringAsset(old.replace(before, text + before)), file);
        }
    }

    private static ServerSocket gate() {
        try {
            final ServerSocket gate = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
            gate.setSoTimeout(TIMEOUT_MILLIS);
            return gate;
        } catch (final IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @BeforeEach
    void emptyTheBox() throws IOException {
        Contract.emptyTheBox();
    }

    @Test
    void takesUploadsBeforeThePageIsReadyAndLetsItsVisitorsWait() throws IOException {
        try (RawConnection visitor = new RawConnection(slow); RawConnection form = new RawConnection(slow);
                RawConnection upload = new RawConnection(slow)) {
            try (Socket start = SLOW_GATE.accept()) {
                visitor.send("GET " + slow.getPath() + " HTTP/1.1\r\nHost: x\r\n\r\n");
                form.send(form(slow));
                await().until(() -> Contract.names().contains("form.txt"));
                assertThat(threadsOfCdi(SLOW)).isNotEmpty();
                assertThat(upload.send(put(slow)).readFinal().status()).isEqualTo(200);
                start.getOutputStream().write(PageGate.GO_ON);
            }
            final RawConnection.Answer page = visitor.readFinal();
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<title>Dropzone Backup</title>").contains("</html>");
            final RawConnection.Answer stored = form.readFinal();
            assertThat(stored.status()).isEqualTo(200);
            assertThat(stored.body()).contains("form.txt", "SHA-256").contains("</html>");
        }
        assertThat(Contract.names()).containsExactlyInAnyOrder("form.txt", "raw.txt");
    }

    @Test
    void goesOnWithoutAPageThatDoesNotStart() throws IOException {
        try (RawConnection visitor = new RawConnection(failing); RawConnection upload = new RawConnection(failing);
                CapturedLog ofFaces = new CapturedLog("jakarta.enterprise.resource.webcontainer.faces.config");
                CapturedLog ofThePage = new CapturedLog(PageServlet.class)) {
            try (Socket start = FAILING_GATE.accept()) {
                visitor.send("GET " + failing.getPath() + "upload.xhtml HTTP/1.1\r\nHost: x\r\n\r\n");
                start.getOutputStream().write(PageGate.FAIL);
            }
            final RawConnection.Answer page = visitor.readFinal();
            assertThat(page.status()).isEqualTo(503);
            assertThat(threadsOfCdi(FAILING)).isEmpty();
            assertThat(page.headers()).containsKey("retry-after");
            assertThat(page.body()).contains("Uploads to /upload are accepted");
            assertThat(upload.send(put(failing)).readFinal().status()).isEqualTo(200);
            final RawConnection.Answer form = upload.send(form(failing)).readFinal();
            assertThat(form.status()).isEqualTo(200);
            assertThat(form.body()).isEqualTo("OK\n");
            assertThat(ofFaces.lines()).anyMatch(line -> line.startsWith("SEVERE Critical error during deployment"));
            assertThat(ofThePage.lines()).containsExactly("SEVERE the upload page does not start; uploads are accepted without it");
        }
        assertThat(Contract.names()).containsExactlyInAnyOrder("form.txt", "raw.txt");
    }

    /** Whoever waits for it gets an answer before, after 20 seconds. */
    @Test
    @EnabledIfSystemProperty(named = Nightly.NAME, matches = "true")
    void endsAPageWhoseStartHasNotEndedWhenItIsUndeployed() throws Exception {
        deployer.deploy(STOPPED);
        final URL stopped = new URL(slow, "/stopped/");
        try (Socket start = STOPPED_GATE.accept(); Socket socket = new Socket(slow.getHost(), slow.getPort());
                RawConnection form = new RawConnection(socket)) {
            socket.setSoTimeout(2 * TIMEOUT_MILLIS);
            assertThat(form.send(form(stopped)).readFinal().body()).isEqualTo("OK\n");
            final CompletableFuture<Void> end = CompletableFuture.runAsync(() -> goOnWithoutItsUploads(start));
            deployer.undeploy(STOPPED);
            end.get();
        }
        STOPPED_GATE.accept().close();
        assertThat(threadsOfCdi(STOPPED)).isEmpty();
    }

    private static List<Thread> threadsOfCdi(final String application) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weld-")
                        && thread.getContextClassLoader().toString().contains("context: " + application))
                .toList();
    }

    private void goOnWithoutItsUploads(final Socket start) {
        await().until(() -> {
            try (RawConnection connection = new RawConnection(slow)) {
                return connection.send("GET /stopped/upload HTTP/1.1\r\nHost: x\r\n\r\n").readFinal().status() != 405;
            }
        });
        try {
            start.getOutputStream().write(PageGate.GO_ON);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String put(final URL root) {
        return "PUT " + root.getPath() + "upload/raw.txt HTTP/1.1\r\n" + AS_ALICE + "Content-Length: 1\r\n\r\nx";
    }

    private static String form(final URL root) {
        final String body = field("username", "alice") + field("password", Contract.PASSWORD)
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"form.txt\"\r\n\r\nx\r\n--b--\r\n";
        return "POST " + root.getPath() + "upload.xhtml HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String field(final String name, final String value) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }
}
