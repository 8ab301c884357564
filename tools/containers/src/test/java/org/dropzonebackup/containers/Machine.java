package org.dropzonebackup.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine with systemd that is this one until somebody changes it, and is gone at the end: see {@code machine.sh}. What is
 * typed is typed by root, at a terminal, in {@link #desk()}.
 */
final class Machine implements AutoCloseable {

    private static final Path SCRIPT = Path.of("src", "test", "machine.sh").toAbsolutePath();
    private static final String BOOTED = "booted";
    private static final String HOME = "/root";

    private final Process power;
    private final BufferedReader console;
    private ProcessHandle systemd;

    /**
     * Switches it on, and waits until everything is started that starts by itself.
     *
     * @param directory an empty one
     * @param units of this machine that are enabled there too
     */
    Machine(final Path directory, final String... units) throws IOException {
        final List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), directory.toString()));
        command.addAll(List.of(units));
        power = new ProcessBuilder(command).redirectErrorStream(true).start();
        console = power.inputReader();
        try {
            waitUntilBooted();
        } catch (final IOException | RuntimeException e) {
            power.destroy();
            throw e;
        }
    }

    private void waitUntilBooted() throws IOException {
        final List<String> lines = new ArrayList<>();
        do {
            lines.add(console.readLine());
            if (lines.contains(null)) {
                throw new IOException("does not boot: " + lines);
            }
        } while (!lines.contains(BOOTED));
        // The script's child is the one that waits for it
        systemd = power.children().flatMap(ProcessHandle::children).findAny().orElseThrow();
        await().ignoreException(IOException.class).until(() -> type("systemctl is-system-running --wait").startsWith("running"));
    }

    /** Where root's things lie, as seen from outside. */
    Path desk() {
        return file(HOME);
    }

    Path file(final String absolute) {
        return Path.of("/proc", Long.toString(systemd.pid()), "root", absolute);
    }

    /** Types what asks for nothing. */
    String type(final String commands) throws IOException {
        return type(commands, "");
    }

    /**
     * Types commands and waits for their end.
     *
     * @param answers to what they ask for
     * @return what they print
     * @throws IOException with that if one of them fails
     */
    String type(final String commands, final String answers) throws IOException {
        final Process process = start("script", "-qec", "set -e\n" + commands, "/dev/null");
        try (OutputStream keyboard = process.getOutputStream()) {
            keyboard.write(answers.getBytes(UTF_8));
        }
        final String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(commands + "\n" + printed);
        }
        return printed;
    }

    /** Starts a program there, without a terminal. */
    Process start(final String... command) throws IOException {
        final List<String> entering = new ArrayList<>(List.of("nsenter", "--all", "--target=" + systemd.pid(),
                "env", "--ignore-environment", "--chdir=" + HOME, "HOME=" + HOME, "SHELL=/bin/bash", "TERM=dumb", "SYSTEMD_PAGER=",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
        entering.addAll(List.of(command));
        return new ProcessBuilder(entering).redirectErrorStream(true).start();
    }

    /** Has it end in good order and start again, and waits until everything is started that starts by itself. */
    void reboot() throws IOException {
        start("systemctl", "reboot");
        waitUntilBooted();
    }

    /** Cuts the power. */
    @Override
    public void close() throws IOException {
        start("systemctl", "poweroff", "--force", "--force");
        power.onExit().join();
    }
}
