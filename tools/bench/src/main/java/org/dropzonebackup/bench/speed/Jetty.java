package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The WAR on a Jetty as its zip has it, installed as the README of the project says.
 *
 * @param zip jetty-home
 * @param war the web application
 */
record Jetty(Path zip, Path war) {

    static final String NAME = "ours on Jetty";

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    boolean isThere() {
        return Files.exists(zip);
    }

    Contender contender() {
        return new Contender(NAME, List.of(), this::start, Ours.put("/dropzone/upload/#"));
    }

    private Running start(final Path directory, final Path box) throws IOException {
        final Path base = Files.createDirectories(directory.resolve("base"));
        Programs.run(directory, Path.of(System.getProperty("java.home"), "bin", "jar").toString(), "--extract", "--file",
                zip.toString());
        final Path home;
        try (Stream<Path> found = Files.list(directory)) {
            home = found.filter(path -> Files.exists(path.resolve("start.jar"))).findFirst().orElseThrow();
        }
        final String start = home.resolve("start.jar").toString();
        Programs.run(base, JAVA, "-jar", start, "--add-modules=server,http,graceful,ee10-deploy,ee10-annotations,ee10-jsp");
        Files.copy(war, base.resolve("webapps/dropzone.war"));
        final int port = Running.freePort();
        return Running.on(port, base, JAVA, "-Xmx448m", "-Ddropzone.upload-base-dir=" + box.getParent(),
                "-Ddropzone.users-file=" + Ours.users(directory, box), "-Ddropzone.fsync=false", "-jar", start,
                "jetty.http.host=127.0.0.1", "jetty.http.port=" + port, "jetty.http.idleTimeout=120000",
                "jetty.http.acceptQueueSize=4096");
    }
}
