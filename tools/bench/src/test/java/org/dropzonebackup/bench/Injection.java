package org.dropzonebackup.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lets system calls of a running server fail, by strace, until it is closed. */
final class Injection implements AutoCloseable {

    private final Process strace;

    private Injection(final Process strace) {
        this.strace = strace;
    }

    /**
     * @param what as strace takes it: {@code fsync:error=EIO:when=1} is the first such call of each thread
     */
    static Injection into(final Server server, final String what) throws IOException {
        return into(server, what, List.of());
    }

    /**
     * Only into calls for one file.
     *
     * @param what as strace takes it
     */
    static Injection into(final Server server, final String what, final Path file) throws IOException {
        return into(server, what, List.of("-P", file.toString()));
    }

    private static Injection into(final Server server, final String what, final List<String> options) throws IOException {
        final List<String> command = new ArrayList<>(List.of("strace", "-f", "-p", String.valueOf(server.process().pid()),
                "-e", "trace=" + what.substring(0, what.indexOf(':')), "-e", "inject=" + what));
        command.addAll(options);
        final Process strace = new ProcessBuilder(command).start();
        final BufferedReader said = strace.errorReader();
        String line = said.readLine();
        while (line != null && !line.contains(" attached")) {
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException("strace cannot trace the server");
        }
        // What it says of each call would fill the pipe
        final Thread reader = new Thread(() -> said.lines().forEach(ignored -> { }));
        reader.setDaemon(true);
        reader.start();
        return new Injection(strace);
    }

    @Override
    public void close() throws IOException {
        // Not destroy(), which closes the stream that is read
        strace.toHandle().destroy();
        try {
            strace.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
