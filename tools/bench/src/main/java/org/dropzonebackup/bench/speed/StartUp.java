package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.dropzonebackup.bench.Exchange;
import org.dropzonebackup.bench.Server;

/** A server jar, from its start to the first file that it has accepted. Its users are not asked, as that takes a hash. */
final class StartUp implements Entrant {

    private final String name;
    private final Box box;
    private final Server.Command command;

    StartUp(final String name, final Path jar, final Path directory) throws IOException {
        this.name = name;
        this.box = Box.in(directory);
        this.command = new Ours(jar).command(directory, box.path(), true, "--anonymous-dir", box.path().toString());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Measure, Double> run() throws IOException {
        final long begun = System.nanoTime();
        try (Server server = Server.start(command)) {
            final Exchange.Answer answer;
            try (Exchange exchange = new Exchange(server)) {
                answer = exchange.send("PUT /upload/first HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + "Content-Length: 1\r\n\r\nx").answer();
            }
            final double seconds = (System.nanoTime() - begun) / 1e9;
            if (answer.status() != 200) {
                throw new IOException("the first file was not accepted: " + answer.text());
            }
            box.take(1, 1);
            return Map.of(Measure.SECONDS, seconds);
        }
    }
}
