package org.dropzonebackup.core.events;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.files.AtomicReplace;

/**
 * A program that is run for each event, without a shell, with the event as JSON and a line feed on standard input. It has taken the
 * event if its exit status is 0. What it writes to standard error goes to that of the server.
 */
public final class Program implements Destination {

    private final Path program;
    private final Path input;
    private final Duration longest;

    /**
     * @param program its file
     * @param memory the directory of the server's own files
     * @param longest how long it may run until it is ended, with all that it has started
     */
    public Program(final Path program, final Path memory, final Duration longest) {
        this.program = program;
        this.input = memory.resolve("on-event.json");
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
        // A program that does not read could not hold a file up, as it could a pipe
        AtomicReplace.replaceAlone(input, message.json() + "\n", false);
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
