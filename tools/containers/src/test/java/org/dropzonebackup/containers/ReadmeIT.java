package org.dropzonebackup.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first commands, as they stand there but for paths, port and passwords: they lead to users who can upload. */
class ReadmeIT {

    private static final int MOST_PROBES = 1000;
    private static final Pattern PASSWORD = Pattern.compile("Password of user alice: (\\S+)");
    private static final Pattern ADDRESS = Pattern.compile("accepts uploads at (http://\\S+)/upload");

    @TempDir
    private Path directory;

    @Test
    void leadToUsersWhoCanUpload() throws Exception {
        for (final String name : List.of("db.dump", "one.txt", "two.txt")) {
            Files.writeString(directory.resolve(name), name);
        }
        final String start = Readme.commands("Run it, test it").replaceFirst("(?s)^mvn .* && ", "").strip();
        final Process server = shell("exec " + here(start) + " --port 0");
        try {
            final String greeting = greeting(server);
            final String password = found(PASSWORD, greeting);
            final String url = found(ADDRESS, greeting);
            for (final String line : Readme.commands("Send a file").lines().toList()) {
                assertThat(run(line.replace("http://127.0.0.1:8888", url).replace("Password: \u2026", "Password: " + password)
                        .replace("-u alice", "-sS -u alice:" + password), "")).as(line).startsWith("OK");
                Files.deleteIfExists(directory.resolve("uploads/alice/db.dump"));
            }
            assertThat(directory.resolve("uploads/alice")).isDirectoryContaining(file -> file.endsWith("etc.tar"))
                    .isDirectoryContaining(file -> file.endsWith("two.txt"));

            Files.writeString(directory.resolve("db.dump"), "proof");
            assertThat(run(signedIn(Readme.commands("Proof that a file is there"), url, password), "")).contains("\"path\":\"proof.dump\"");
            assertThat(run(signedIn(Readme.commands("Proof that a file is there", 2), url, password), ""))
                    .startsWith("{\"files\":[{\"path\":\"proof.dump\",\"state\":\"stored\",\"lastRead\":\"");
            assertThat(run(here(Readme.commands("How long files stay")), "")).contains("0 files would be removed");

            final String[] admin = here(Readme.commands("The admin tool")).split("\n");
            run(admin[0] + " --password-stdin", "secret77\n");
            assertThat(run(admin[1], "")).contains("alice", "bob");
            assertThat(run("curl -sS -T db.dump -u bob:secret77 " + url + "/upload/", "")).isEqualTo("OK");
            assertThat(directory.resolve("uploads/bob/db.dump")).hasContent("proof");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void keepTheFileOfEachNight() throws Exception {
        final Path box = directory.resolve("uploads/alice");
        Files.createDirectories(directory.resolve("Documents/old letters"));
        Files.writeString(directory.resolve("Documents/a.txt"), "a");
        Files.writeString(directory.resolve("Documents/old letters/b; c, d.txt"), "b");
        final String start = Readme.commands("Run it, test it").replaceFirst("(?s)^mvn .* && ", "").strip();
        final Process server = shell("exec " + here(start) + " --port 0");
        try {
            final String greeting = greeting(server);
            final String url = found(ADDRESS, greeting);
            final Path netrc = Files.writeString(directory.resolve(".netrc"),
                    "machine 127.0.0.1 login alice password " + found(PASSWORD, greeting));
            run(here(Readme.commands("Every night")), "");
            awaitKeep("curl -sS --netrc-file " + netrc + " -T db.dump " + url + "/upload/probe");
            final String send = netrc(Readme.commands("Every night", 2), netrc, url);
            for (final String night : List.of("first", "second", "second", "first")) {
                Files.writeString(directory.resolve("db.dump"), night);
                assertThat(run(send, "")).startsWith("OK");
            }
            assertThat(box.resolve("db.dump")).hasContent("first");
            assertThat(box).isDirectoryContaining("regex:.*/db\\.\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.dump");
            assertThat(box.toFile().list()).hasSize(2);
            assertThat(run(netrc(Readme.commands("Folders"), netrc, url), "")).startsWith("OK");
            assertThat(box.resolve("Documents/a.txt")).hasContent("a");
            assertThat(box.resolve("Documents/old letters/b; c, d.txt")).hasContent("b");

            Files.writeString(netrc, "machine 127.0.0.1 login alice password wrong");
            final Process refused = shell(send.replace("--retry 5 --retry-all-errors", ""));
            assertThat(refused.waitFor()).as("what the README says of a refusal").isEqualTo(22);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static String signedIn(final String commands, final String url, final String password) {
        return commands.replace("http://127.0.0.1:8888", url).replace("-u alice", "-u alice:" + password);
    }

    /** The server looks at the users file once in a second. */
    private void awaitKeep(final String probe) throws Exception {
        Files.writeString(directory.resolve("db.dump"), "");
        String answer = "";
        for (int i = 0; i < MOST_PROBES && !answer.startsWith("OK probe."); i++) {
            answer = run(probe, "");
        }
        assertThat(answer).startsWith("OK probe.");
        for (final String name : directory.resolve("uploads/alice").toFile().list()) {
            Files.delete(directory.resolve("uploads/alice").resolve(name));
        }
    }

    private static String netrc(final String command, final Path netrc, final String url) {
        return command.replace("--netrc", "--netrc-file " + netrc).replace("http://127.0.0.1:8888", url);
    }

    private String here(final String command) {
        return command.replace("tools/launcher/target/dropzone-server.jar", System.getProperty("dropzone.server.jar"))
                .replace("tools/admin/target/dropzone-admin.jar", System.getProperty("dropzone.admin.jar"))
                .replace("target/uploads", directory.resolve("uploads").toString())
                .replace("target/users.properties", directory.resolve("users.properties").toString());
    }

    private Process shell(final String command) throws IOException {
        return new ProcessBuilder("sh", "-c", command).directory(directory.toFile())
                .redirectError(directory.resolve("errors").toFile()).start();
    }

    private String run(final String command, final String input) throws Exception {
        final Process process = shell(command);
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
        }
        final String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output + Files.readString(directory.resolve("errors"))).isZero();
        return output;
    }

    /** Up to the line that says that it accepts uploads. */
    private String greeting(final Process server) throws IOException {
        final StringBuilder greeting = new StringBuilder();
        final BufferedReader out = server.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            greeting.append(line).append('\n');
            if (line.contains("accepts uploads")) {
                return greeting.toString();
            }
        }
        throw new IOException("the server did not start: " + Files.readString(directory.resolve("errors")));
    }

    private static String found(final Pattern pattern, final String text) {
        final Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
