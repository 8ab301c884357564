package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The finished admin jar, run as processes of their own with a users file in some directory. */
final class AdminProcess {

    private final Path directory;

    AdminProcess(final Path directory) {
        this.directory = directory;
    }

    /** Runs it to its end; {@code input} is its standard input, in UTF-8. */
    int run(final String input, final String... arguments) throws IOException, InterruptedException {
        return run(input.getBytes(StandardCharsets.UTF_8), Map.of(), arguments);
    }

    /** The same with an environment. */
    int run(final byte[] input, final Map<String, String> environment, final String... arguments)
            throws IOException, InterruptedException {
        return start(input, environment, arguments).waitFor();
    }

    Process start(final String input, final String... arguments) throws IOException {
        return start(input.getBytes(StandardCharsets.UTF_8), Map.of(), arguments);
    }

    private Process start(final byte[] input, final Map<String, String> environment, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-jar", System.getProperty("dropzone.admin.jar")));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--users-file", usersFile().toString()));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().putAll(environment);
        final Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        return process;
    }

    /** What the last one printed, on standard output and error. */
    String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    Path usersFile() {
        return directory.resolve("users.properties");
    }
}
