package org.dropzonebackup.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way to deploy, typed as the README says on a machine with systemd. */
class SystemdIT {

    private static final String PASSWORD = "secret-pa55";
    private static final Path BOX = Path.of("/srv/dropzone/alice");
    /** Of systemd-analyze security, times ten: what is left is Java, and that there is a network. */
    private static final int EXPOSURE = 11;

    @TempDir
    private Path directory;

    /** The README's headings, and what is there before. */
    enum Way {

        SERVER_JAR("The server jar with systemd", "dropzone", ":8888"),

        TOMCAT_11("A Tomcat 10.1 or 11 from the zip", "dropzone", ":8080/dropzone") {
            @Override
            void prepare(final Machine machine) throws IOException {
                Files.move(Installation.TOMCAT_11.unpack(machine.file("/opt")), machine.file("/opt/tomcat"));
            }
        },

        DEBIAN_TOMCAT_10("Debian's tomcat10", "tomcat10", ":8080/dropzone", "tomcat10.service") {
            @Override
            String user() {
                return "tomcat";
            }
        },

        JETTY_12_1("Jetty 12.1", "dropzone", ":8080/dropzone") {
            @Override
            void prepare(final Machine machine) throws IOException {
                Files.move(Installation.JETTY_12_1_EE10.unpack(machine.file("/opt")), machine.file("/opt/jetty"));
            }

            @Override
            void assertUnpacked(final Machine machine) throws IOException {
                assertThat(machine.type("find /run/dropzone -name upload.xhtml")).as("where nothing is cleaned").isNotBlank();
            }
        };

        private final String heading;
        private final String service;
        private final String url;
        private final String[] installed;

        Way(final String heading, final String service, final String url, final String... installed) {
            this.installed = installed;
            this.heading = heading;
            this.service = service;
            this.url = "http://127.0.0.1" + url;
        }

        String user() {
            return "dropzone";
        }

        void prepare(final Machine machine) throws IOException {
            // Nothing but what this machine has
        }

        void assertUnpacked(final Machine machine) throws IOException {
            // Nothing, or where Tomcat's installation is
        }
    }

    static Stream<Way> ways() {
        return Nightly.cases(Stream.of(Way.values()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void worksOnTheFirstTryInItsSandboxAndAfterARebootToo(final Way way) throws Exception {
        try (Machine machine = new Machine(directory, way.installed)) {
            layDesk(machine.desk());
            way.prepare(machine);
            machine.type(Readme.commands("Deploy it").replace("owner=dropzone", "owner=" + way.user()),
                    PASSWORD + "\n" + PASSWORD + "\n");
            machine.type(Readme.commands(way.heading));

            awaitStored(machine, way, "first.txt");
            assertThat(Files.readString(machine.file(BOX + "/first.txt"))).isEqualTo("first.txt");
            assertThat(machine.type("stat -c %U " + BOX + "/first.txt")).isEqualToIgnoringWhitespace(way.user());
            assertIsShutIn(machine, way);
            way.assertUnpacked(machine);
            assertOutlivesAReload(machine, way);

            assertLetsAnUploadFinish(machine, way, "slow.txt");
            awaitStored(machine, way, "second.txt");

            machine.reboot();
            awaitStored(machine, way, "third.txt");
            assertThat(names(machine.file(BOX.toString())))
                    .containsExactlyInAnyOrder("first.txt", "slow.txt", "second.txt", "third.txt");
            // Tomcat finds at its end, and says so by SEVERE, that Mojarra left its application with some of the threads
            assertThat(machine.type("journalctl -q -u " + way.service + " | grep -v 'ThreadLocal with key of type .com.sun.faces'"))
                    .doesNotContain("SEVERE", "ERROR", "Exception", "Failed with result", "Killing process");
            if (way == Way.SERVER_JAR) {
                assertIsStartedAgainWhenItHangs(machine, way);
            }
        }
    }

    private static void layDesk(final Path desk) throws IOException {
        final Path shipped = Shipped.file("");
        try (Stream<Path> files = Files.walk(shipped)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final Path copy = desk.resolve(shipped.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        for (final String built : List.of("contract.war", "dropzone.server.jar", "dropzone.admin.jar")) {
            final Path file = Path.of(System.getProperty(built));
            Files.copy(file, desk.resolve(file.getFileName()));
        }
    }

    private static void awaitStored(final Machine machine, final Way way, final String name) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200)).ignoreException(IOException.class).until(() -> {
            final Process upload = upload(machine, way, name);
            try (OutputStream body = upload.getOutputStream()) {
                body.write(name.getBytes(UTF_8));
            }
            return new String(upload.getInputStream().readAllBytes(), UTF_8).equals("OK");
        });
    }

    private static Process upload(final Machine machine, final Way way, final String name, final String... options)
            throws IOException {
        final List<String> command = new ArrayList<>(List.of("curl", "-sS", "-T", "-", "-u", "alice:" + PASSWORD,
                way.url + "/upload/" + name));
        command.addAll(List.of(options));
        return machine.start(command.toArray(String[]::new));
    }

    private static void assertIsShutIn(final Machine machine, final Way way) throws IOException {
        assertThat(machine.type("systemd-analyze verify " + way.service + ".service")).isEmpty();
        machine.type("systemd-analyze security --threshold=" + EXPOSURE + " " + way.service);
        final String inside = "nsenter --mount --target=$(systemctl show -P MainPID " + way.service + ") runuser -u " + way.user() + " -- ";
        machine.type(inside + "touch /srv/dropzone/alice/x && rm /srv/dropzone/alice/x");
        assertThat(machine.type("! " + inside + "touch /etc/dropzone/users.properties")).contains("Read-only file system");
    }

    /** The server jar obeys it; of the others none is asked, as they would end by that signal. */
    private static void assertOutlivesAReload(final Machine machine, final Way way) throws IOException {
        final String process = machine.type("systemctl show -P MainPID " + way.service);
        if (way == Way.SERVER_JAR) {
            machine.type("systemctl reload " + way.service);
            await().until(() -> machine.type("journalctl -q -u " + way.service).contains("was read anew: 1 users"));
        } else {
            assertThat(machine.type("! systemctl reload " + way.service)).contains("not applicable");
        }
        assertThat(machine.type("systemctl show -P MainPID " + way.service)).isEqualTo(process);
    }

    private static void assertLetsAnUploadFinish(final Machine machine, final Way way, final String name) throws Exception {
        // Not chunked: see the README of what Tomcat does with such while it stops
        final Process upload = upload(machine, way, name, "-H", "Transfer-Encoding:", "-H", "Content-Length: 5");
        final Process restart;
        try (OutputStream body = upload.getOutputStream()) {
            body.write("be".getBytes(UTF_8));
            body.flush();
            await().until(() -> names(machine.file(BOX.toString())).size() == 2);
            restart = machine.start("systemctl", "restart", way.service);
            await().until(() -> machine.type("systemctl show -P ActiveState " + way.service).startsWith("deactivating"));
            body.write("gun".getBytes(UTF_8));
        }
        assertThat(new String(upload.getInputStream().readAllBytes(), UTF_8))
                .as(machine.type("journalctl -q -u " + way.service)).isEqualTo("OK");
        assertThat(restart.waitFor()).isZero();
        assertThat(Files.readString(machine.file(BOX + "/" + name))).isEqualTo("begun");
    }

    /** With a watchdog that waits for seconds instead of minutes. */
    private static void assertIsStartedAgainWhenItHangs(final Machine machine, final Way way) throws IOException {
        machine.type("mkdir -p /run/systemd/system/dropzone.service.d && printf '[Service]\nWatchdogSec=6\nTimeoutAbortSec=1\n'"
                + " > /run/systemd/system/dropzone.service.d/soon.conf && systemctl daemon-reload && systemctl restart dropzone");
        final String before = machine.type("systemctl show -P MainPID dropzone");
        awaitStored(machine, way, "fourth.txt");
        final String told = machine.type("systemctl show -P WatchdogTimestamp dropzone");
        await().until(() -> !machine.type("systemctl show -P WatchdogTimestamp dropzone").equals(told));
        assertThat(machine.type("systemctl show -P MainPID dropzone")).as("it answers").isEqualTo(before);
        machine.type("kill -STOP " + before.strip());
        await().atMost(Duration.ofMinutes(1)).until(() -> !Set.of(before.strip(), "0").contains(machine.type("systemctl show -P MainPID dropzone").strip()));
        awaitStored(machine, way, "fifth.txt");
        assertThat(machine.type("journalctl -q -u dropzone")).contains("Watchdog timeout (limit 6s)!", "Full thread dump");
    }

    private static List<String> names(final Path box) throws IOException {
        try (Stream<Path> files = Files.list(box)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
