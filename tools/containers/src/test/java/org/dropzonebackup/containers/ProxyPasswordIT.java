package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.launcher.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each shipped proxy configuration, where the proxy asks for a password of its own and keeps it to itself. */
class ProxyPasswordIT {

    private static final String OF_THE_PROXY = "carol:secret";
    /** That password for nginx and httpd, and for Caddy. */
    private static final String SHA1 = "carol:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n";
    private static final String BCRYPT = "$2a$14$fQn9KU12nRsH4lnNeJkgoOa/R/SVw2XXQgsEOvfLpR77942exBVyS";
    private static final int FAILURES_ALLOWED = 10;

    @TempDir
    private Path directory;
    private ServerProcess server;

    static Stream<Proxy> proxies() {
        return Nightly.cases(Stream.of(Proxy.values()));
    }

    @BeforeEach
    void startServer() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("passwords"), SHA1);
        Files.writeString(directory.resolve("file"), "content");
        server = ServerProcess.start(Files.createDirectory(directory.resolve("server")),
                "--trusted-proxies", "127.0.0.1", "--anonymous-dir", "anonymous", "--anonymous-challenge", "off");
    }

    @AfterEach
    void stopServer() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void isNoFailedLogin(final Proxy kind) throws Exception {
        try (RunningProxy proxy = new RunningProxy(kind, directory.resolve("proxy"), server.port(), changes(kind))) {
            assertThat(upload(proxy, "nobody")).as("without the proxy's password").isEqualTo(401);
            for (int i = 0; i <= FAILURES_ALLOWED; i++) {
                assertThat(upload(proxy, "anonymous" + i, "-u", OF_THE_PROXY)).as("upload %d", i).isEqualTo(200);
                assertThat(server.directoryOf("anonymous").resolve("anonymous" + i)).hasContent("content");
            }
            assertThat(upload(proxy, "bobs", "-u", OF_THE_PROXY, "-H", "Username: bob", "-H", "Password: " + ServerProcess.BOBS_PASSWORD))
                    .isEqualTo(200);
        }
        assertThat(server.directoryOf("bob").resolve("bobs")).hasContent("content");
    }

    /** What an administrator adds, and the shipped line that he turns on. */
    private Map<String, String> changes(final Proxy kind) {
        final Path passwords = directory.resolve("passwords");
        return switch (kind) {
            case NGINX -> Map.of("# proxy_set_header Authorization \"\";", "proxy_set_header Authorization \"\";\n"
                    + "auth_basic proxy;\nauth_basic_user_file " + passwords + ";");
            case APACHE -> Map.of("# RequestHeader unset Authorization", "RequestHeader unset Authorization\n"
                    + loaded("auth_basic", "authn_core", "authn_file", "authz_user") + "<Location />\nAuthType Basic\nAuthName proxy\n"
                    + "AuthUserFile " + passwords + "\nRequire valid-user\n</Location>");
            case HAPROXY -> Map.of("frontend dropzone", "userlist people\n    user carol insecure-password secret\nfrontend dropzone",
                    "# http-request del-header Authorization",
                    "http-request auth unless { http_auth(people) }\n    http-request del-header Authorization");
            case CADDY -> Map.of("# header_up -Authorization", "header_up -Authorization",
                    "header @body Connection close", "header @body Connection close\n\tbasicauth {\n\t\tcarol " + BCRYPT + "\n\t}");
        };
    }

    private static String loaded(final String... modules) {
        final StringBuilder lines = new StringBuilder();
        for (final String module : modules) {
            lines.append("LoadModule ").append(module).append("_module modules/mod_").append(module).append(".so\n");
        }
        return lines.toString();
    }

    /** @return the status of the answer */
    private int upload(final RunningProxy proxy, final String name, final String... options) throws Exception {
        final String host = "backup.example.org:" + proxy.port();
        // By HTTP/2 HAProxy resets the stream of a request that it has refused, which curl may see before the answer
        final List<String> command = new ArrayList<>(List.of("curl", "--http1.1", "-sS", "-o", directory.resolve("answer").toString(),
                "-w", "%{http_code}", "-T", directory.resolve("file").toString(), "--cacert", proxy.certificate().toString(),
                "--resolve", host + ":127.0.0.1", "https://" + host + "/upload/" + name));
        command.addAll(List.of(options));
        final Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String status = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(status).isZero();
        return Integer.parseInt(status);
    }
}
