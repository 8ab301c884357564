package org.dropzonebackup.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the packaged admin jar in processes, with a users file in a directory of the test. */
final class AdminProcess {

    private final Path directory;

    AdminProcess(final Path directory) {
        this.directory = directory;
    }

    /** Runs the tool with a standard input in UTF-8, and returns its exit status. */
    int run(final String input, final String... arguments) throws IOException, InterruptedException {
        return run(input.getBytes(StandardCharsets.UTF_8), Map.of(), arguments);
    }

    /** Runs the tool with an environment. */
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
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
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

    /** The standard output and error of the last process. */
    String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    Path usersFile() {
        return directory.resolve("users.properties");
    }
}
