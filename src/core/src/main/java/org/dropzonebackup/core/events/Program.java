package org.dropzonebackup.core.events;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run for each event, without a shell, with the event as JSON and a line feed on standard input. It has taken the
 * event if its exit status is 0. What it writes to standard error goes to that of the server.
 */
public final class Program implements Destination {

    private final Path program;
    private final Path memory;
    private final Duration longest;

    /**
     * @param program its file
     * @param memory the directory of the server's own files, in which there is one with the event while the program runs
     * @param longest how long it may run until it is ended, with all that it has started
     */
    public Program(final Path program, final Path memory, final Duration longest) {
        this.program = program;
        this.memory = memory;
        this.longest = longest;
    }

    @Override
    public String name() {
        return "on-event";
    }

    @Override
    public String id() {
        return "on-event";
    }

    @Override
    public void deliver(final Message message) throws IOException, InterruptedException {
        // A program that does not read cannot hold this up, as it could with a pipe
        final Path input = Files.createTempFile(memory, "on-event-", ".json");
        try {
            Files.writeString(input, message.json() + "\n");
            run(input);
        } finally {
            Files.delete(input);
        }
    }

    private void run(final Path input) throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(program.toString()).redirectInput(input.toFile())
                .redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
        final Map<String, String> environment = builder.environment();
        // That of the server may have secrets
        environment.keySet().retainAll(Set.of("PATH", "LANG", "LC_ALL", "HOME", "TZ"));
        final Process process = builder.start();
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it does not end within " + longest.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("its exit status is " + process.exitValue());
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
