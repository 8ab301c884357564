package org.dropzonebackup.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The finished server jar as a process of its own, on a port of 127.0.0.1 that the system chooses. Not safe for threads
 * but for {@link #connect}.
 */
public final class Server implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;
    /** Nobody here is kept from flooding, but by options that say otherwise. */
    private static final List<String> OPEN = List.of("--anonymous-challenge", "off",
            "--anonymous-uploads-per-hour", "9999999999", "--anonymous-quota", "1TiB", "--anonymous-max-file-size", "1TiB");

    private final Process process;
    private final URI url;
    private final Path log;

    private Server(final Process process, final URI url, final Path log) {
        this.process = process;
        this.url = url;
        this.log = log;
    }

    /**
     * How a server is started.
     *
     * @param jar the server jar
     * @param before words of the command line before {@code java}, such as those of a tracer
     * @param virtualMachine options of the virtual machine
     * @param options of the server, without port and address
     * @param log where its standard error is appended
     */
    public record Command(Path jar, List<String> before, List<String> virtualMachine, List<String> options, Path log) {

        /** Without anything special. */
        public static Command of(final Path jar, final Path log, final String... options) {
            return new Command(jar, List.of(), List.of("-Xmx128m"), List.of(options), log);
        }

        /** The same with other words before {@code java}. */
        public Command after(final String... words) {
            return new Command(jar, List.of(words), virtualMachine, options, log);
        }

        /** The same with other options of the virtual machine. */
        public Command on(final String... machine) {
            return new Command(jar, before, List.of(machine), options, log);
        }

        /** The same in a virtual machine that lives for seconds: to compile what is soon over costs more than it gains. */
        public Command briefly() {
            return on("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        }

        private List<String> words() {
            final List<String> words = new ArrayList<>(before);
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            words.addAll(virtualMachine);
            words.addAll(List.of("-jar", jar.toString(), "--port", "0", "--listen", "127.0.0.1"));
            words.addAll(OPEN);
            words.addAll(options);
            return words;
        }
    }

    /**
     * Starts it and waits until it accepts uploads.
     *
     * @throws IOException if it does not; the message has its log
     */
    public static Server start(final Command command) throws IOException {
        final Process process = new ProcessBuilder(command.words())
                .redirectError(ProcessBuilder.Redirect.appendTo(command.log().toFile())).start();
        final BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.contains("accepts uploads at ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the server did not start: " + Files.readString(command.log()));
        }
        return new Server(process, URI.create(line.substring(line.indexOf("http"))), command.log());
    }

    /** A new connection; reading from it waits for a minute at most. */
    public Socket connect() throws IOException {
        final Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(TIMEOUT_SECONDS * 1000);
        return socket;
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return url.getPort();
    }

    /** What it wrote to standard error so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** The server itself or, if it was started by another program, that. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; kills it if it does not obey. */
    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                kill();
                throw new IOException("the server does not stop");
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
