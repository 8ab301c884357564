package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.web.RawConnection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Tomcat that its administrator has altered: it does not unpack the WAR, or hides which server it is. */
class AlteredTomcatIT {

    private static final String PASSWORD = "secret-pa55";
    private static final int LARGE = 20_000_000;

    @TempDir
    private Path directory;
    private Site site;

    static Stream<Installation> tomcats() {
        return Nightly.cases(Stream.of(Installation.TOMCAT_11, Installation.TOMCAT_10_1));
    }

    @BeforeEach
    void layOutTheSite() throws IOException {
        site = Site.in(directory, PASSWORD);
    }

    /** Its path has an encoded character, as a directory with a space has. */
    @ParameterizedTest
    @MethodSource("tomcats")
    void showsThePageOfAWarThatStaysPacked(final Installation tomcat) throws Exception {
        final ProcessBuilder command = deploying(tomcat, "team#box.war");
        Shipped.edit(home().resolve("conf/server.xml"), Map.of("unpackWARs=\"true\"", "unpackWARs=\"false\""));
        assertShowsThePage(tomcat, command, "/team/box/");
    }

    @ParameterizedTest
    @MethodSource("tomcats")
    void showsThePageWhereWebappsCannotBeWritten(final Installation tomcat) throws Exception {
        final ProcessBuilder command = deploying(tomcat, "team#box.war");
        Files.setPosixFilePermissions(home().resolve("webapps"), PosixFilePermissions.fromString("r-xr-xr-x"));
        assertShowsThePage(tomcat, command, "/team/box/");
    }

    @ParameterizedTest
    @MethodSource("tomcats")
    void answersEarlyWhereNobodyCanTellThatItIsTomcat(final Installation tomcat) throws Exception {
        final ProcessBuilder command = tomcat.lay(site);
        Files.writeString(Files.createDirectories(home().resolve("lib/org/apache/catalina/util")).resolve("ServerInfo.properties"),
                "server.info=A server\nserver.number=0\nserver.built=\n");
        Shipped.edit(home().resolve("conf/server.xml"), Map.of("<Connector ", "<Connector server=\"A server\" "));
        try (RunningContainer container = new RunningContainer(tomcat, site, command);
                RawConnection upload = new RawConnection(container.root())) {
            upload.send("PUT /dropzone/upload/a.bin HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE + "\r\n\r\n");
            final RawConnection.Answer answer = upload.read();
            assertThat(container.log()).contains("A server").doesNotContain("Apache Tomcat");
            assertThat(answer.headers()).containsEntry("server", "A server");
            assertThat(answer.status()).isEqualTo(401);
            upload.send(new byte[LARGE]);
            assertThat(upload.isAtEnd()).as("all was read, and no connection reset").isTrue();
        }
    }

    /** With the WAR in {@code webapps/} under a name that becomes its path, and Tomcat's own context for it. */
    private ProcessBuilder deploying(final Installation tomcat, final String war) throws IOException {
        final ProcessBuilder command = tomcat.lay(site);
        command.environment().put("DROPZONE_CONFIG", site.settings().toString());
        Files.delete(home().resolve("conf/Catalina/localhost/dropzone.xml"));
        Files.move(site.war(), home().resolve("webapps").resolve(war));
        return command;
    }

    private Path home() throws IOException {
        try (Stream<Path> tomcats = Files.list(site.directory()).filter(entry -> entry.getFileName().toString().startsWith("apache-"))) {
            return tomcats.findFirst().orElseThrow();
        }
    }

    private void assertShowsThePage(final Installation tomcat, final ProcessBuilder command, final String path) throws Exception {
        final long begun = System.nanoTime();
        try (RunningContainer container = new RunningContainer(tomcat, site, command);
                RawConnection visitor = new RawConnection(container.root())) {
            final RawConnection.Answer page = visitor.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
            assertThat(page.status()).as(page.body() + container.log()).isEqualTo(200);
            assertThat(page.body()).contains("<title>Dropzone Backup</title>").contains("</html>");
            System.out.println("The page of a packed WAR on " + tomcat + " was there after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        }
        assertThat(home().resolve("webapps/team#box")).doesNotExist();
    }
}
