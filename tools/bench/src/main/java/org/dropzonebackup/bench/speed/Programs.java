package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The programs in C, compiled on the machine on which they run.
 *
 * @param directory where they lie
 */
public record Programs(Path directory) {

    /** The loop that takes digests too; it needs OpenSSL's headers. */
    static final String DIGESTING_LOOP = "digesting-loop";

    private static final List<String> NAMES = List.of("load", "loop", "files", "spin");
    private static final Path OPENSSL = Path.of("/usr/include/openssl/evp.h");

    /** Compiles all of them into a directory. */
    static Programs compile(final Path directory) throws IOException {
        for (final String name : NAMES) {
            final Path source = unpack("/c/" + name + ".c", directory);
            run(directory, "cc", "-O2", "-pthread", "-o", name, source.toString());
        }
        if (Files.exists(OPENSSL)) {
            run(directory, "cc", "-O2", "-pthread", "-DDIGEST", "-o", DIGESTING_LOOP,
                    directory.resolve("loop.c").toString(), "-lcrypto");
        }
        return new Programs(directory);
    }

    /** Whether a program was compiled: what it needs was installed. */
    boolean has(final String name) {
        return Files.exists(Path.of(path(name)));
    }

    /** Copies a file that came with this program. */
    public static Path unpack(final String resource, final Path directory) throws IOException {
        final Path file = Files.createDirectories(directory).resolve(Path.of(resource).getFileName());
        try (InputStream in = Programs.class.getResourceAsStream(resource)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    String path(final String name) {
        return directory.resolve(name).toString();
    }

    /**
     * Runs a program to its end.
     *
     * @return what it said on its standard output
     * @throws IOException if it did not succeed
     */
    public static String run(final Path in, final String... command) throws IOException {
        final Process process = new ProcessBuilder(command).directory(in.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }

    /** Whether a program is installed. */
    public static boolean isThere(final String program) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }
}
