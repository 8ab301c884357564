package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Names and paths that clients give their files, and what lies in the user's directory afterwards. */
public final class SubmittedPaths {

    private static final String CONTENT = "content";
    private static final String DIRECTORY = "a directory";
    private static final String LINK = "a link";
    private static final String OTHER = "neither";

    private final URL root;
    private final Path box;
    private final Path elsewhere;
    private final Predicate<String> refusedByContainer;

    /**
     * @param root of the application
     * @param box where bob's files go
     * @param elsewhere a directory that nothing may be written to
     * @param refusedByContainer of which paths the application does not hear
     */
    public SubmittedPaths(final URL root, final Path box, final Path elsewhere, final Predicate<String> refusedByContainer) {
        this.root = root;
        this.box = box;
        this.elsewhere = elsewhere;
        this.refusedByContainer = refusedByContainer;
    }

    /**
     * A name or path.
     *
     * @param name as headers, forms and metadata carry it
     * @param inPath the same in the path of a request
     * @param outcome where the file is stored, or the status of the refusal
     * @param outcomeOfPath the same for that in the path of a request
     */
    public record Sent(String name, String inPath, String outcome, String outcomeOfPath) {

        private Sent(final String name, final String inPath, final String outcome) {
            this(name, inPath, outcome, outcome);
        }

        @Override
        public String toString() {
            return name.length() < 30 ? name : name.length() + " characters";
        }
    }

    /** What is sent, to a directory with what {@link #layOut} makes there. */
    public static Stream<Sent> all() {
        final String deep = "d/".repeat(31);
        final String longest = ("x".repeat(240) + "/").repeat(16) + "x".repeat(241);
        return Stream.of(
                new Sent("a/b/c.txt", "a/b/c.txt", "a/b/c.txt"),
                new Sent("d\u00f6/b c.txt", "d%C3%B6/b%20c.txt;version=1", "d\u00f6/b c.txt"),
                new Sent("e\u0301/new", "e%CC%81/new", "\u00e9/new"),
                new Sent("e\u0301/old", "e%CC%81/old", "409"),
                new Sent("dir/new", "dir/new", "dir/new"),
                new Sent("dir/old", "dir/old", "409"),
                new Sent("a//b", "a//b", "400"),
                new Sent("a/", "a/", "400"),
                new Sent("a/./b", "a/./b", "400"),
                new Sent("../x", "../x", "400"),
                new Sent("a/..", "a/..", "400"),
                new Sent("a.~tmp/b", "a.~tmp/b", "400"),
                new Sent("/a", "/a", "a", "400"),
                new Sent("/a/b", "%2Fa/b", "b", "400"),
                new Sent("C:\\x", "C:%5Cx", "x"),
                new Sent("C:/x", "C:/x", "x"),
                new Sent("a\\b/c\\d", "a%5Cb/c%5Cd", "d"),
                new Sent("a%2Fb", "a%2Fb", "a%2Fb", "a/b"),
                new Sent("a%5Cb", "a%5Cb", "a%5Cb", "b"),
                new Sent(deep + "x", deep + "x", deep + "x"),
                new Sent(deep + "d/x", deep + "d/x", "400"),
                new Sent(longest, longest, "400"),
                new Sent("dir", "dir", "409"),
                new Sent("file/x", "file/x", "409"),
                new Sent("dir/old/x", "dir/old/x", "409"),
                new Sent("link", "link", "409"),
                new Sent("link/x", "link/x", "409"),
                new Sent("link/y/z", "link/y/z", "409"),
                new Sent("dir/link", "dir/link", "409"),
                new Sent("dir/link/x", "dir/link/x", "409"),
                new Sent("dir/dangling", "dir/dangling", "409"),
                new Sent("dir/dangling/x", "dir/dangling/x", "409"),
                new Sent("fifo", "fifo", "409"),
                new Sent("fifo/x", "fifo/x", "409"),
                new Sent("dir/fifo", "dir/fifo", "409"),
                new Sent("dir/fifo/x", "dir/fifo/x", "409"));
    }

    private void layOut() throws IOException, InterruptedException {
        for (final String name : List.of("\u00e9", "dir")) {
            final Path made = Files.createDirectory(box.resolve(name));
            Files.writeString(made.resolve("old"), "old");
            // The server may run as another user
            Files.setOwner(made, Files.getOwner(box));
        }
        Files.writeString(box.resolve("file"), "old");
        Files.createSymbolicLink(box.resolve("link"), elsewhere);
        Files.createSymbolicLink(box.resolve("dir/link"), elsewhere);
        Files.createSymbolicLink(box.resolve("dir/dangling"), elsewhere.resolve("missing"));
        assertThat(new ProcessBuilder("mkfifo", "fifo", "dir/fifo").directory(box.toFile()).start().waitFor()).isZero();
    }

    /** Sends a file under each of the names, on one way, and looks at what is answered and stored. */
    public void send(final Way way) throws IOException, InterruptedException {
        for (final Sent sent : all().toList()) {
            empty(box);
            layOut();
            final Map<String, String> expected = facts(box);
            final boolean named = way == Way.PUT || way == Way.DRAFT || way == Way.WHOLE_BY_DRAFT;
            final String outcome = !named ? sent.outcome()
                    : refusedByContainer.test(sent.inPath()) ? "400" : sent.outcomeOfPath();

            final RawConnection.Answer answer = send(way, named ? sent.inPath() : sent.name());

            final boolean refused = outcome.matches("\\d{3}");
            assertThat(answer.status()).as("%s: %s", sent, answer.body()).isEqualTo(!refused ? way.isBeginning() ? 200 : way.success()
                    : way == Way.TUS_WITH_UPLOAD && outcome.equals("409") ? 422 : Integer.parseInt(outcome));
            if (!refused) {
                for (int slash = outcome.indexOf('/'); slash > 0; slash = outcome.indexOf('/', slash + 1)) {
                    expected.put(outcome.substring(0, slash), DIRECTORY);
                }
                expected.put(outcome, CONTENT);
                assertThat(told(answer, outcome)).as(sent.toString()).isEqualTo(outcome);
            }
            assertThat(facts(box)).as(sent.toString()).isEqualTo(expected);
            assertThat(elsewhere).isEmptyDirectory();
        }
        empty(box);
    }

    /** The stored path, as an answer tells it. */
    private static String told(final RawConnection.Answer answer, final String asked) {
        return answer.body().equals("OK") ? asked : URLDecoder.decode(
                answer.headers().get("content-disposition").replace("attachment; filename*=UTF-8''", ""), StandardCharsets.UTF_8);
    }

    private RawConnection.Answer send(final Way way, final String name) throws IOException {
        try (RawConnection connection = new RawConnection(root)) {
            // In a header and in a form, each byte is a character
            final String bytes = way.name().startsWith("TUS") ? name
                    : new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            final String body = way == Way.DRAFT ? "" : way.body(bytes, CONTENT);
            final RawConnection.Answer answer = connection.send(way.head(root.getPath(), "", bytes, CONTENT.length(),
                    "Content-Length: " + body.length()).replace("Username: alice", "Username: bob") + body).readFinal();
            if (way != Way.DRAFT || answer.status() != 201) {
                return answer;
            }
            final URI upload = URI.create(root.toString()).resolve("upload/" + name).resolve(answer.headers().get("location"));
            return connection.send("PATCH " + upload.getPath() + " HTTP/1.1\r\nHost: x\r\nUsername: bob\r\nPassword: " + Contract.PASSWORD
                    + "\r\nContent-Type: application/partial-upload\r\nUpload-Offset: 0\r\nUpload-Complete: ?1\r\nContent-Length: "
                    + CONTENT.length() + "\r\n\r\n" + CONTENT).readFinal();
        }
    }

    /** What lies in a directory and below it: the content of files, and what else is what; nothing of uploads that are not complete. */
    private static Map<String, String> facts(final Path directory) throws IOException {
        final Map<String, String> facts = new TreeMap<>();
        for (final Path path : contentOf(directory)) {
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!path.getFileName().toString().startsWith(".")) {
                facts.put(directory.relativize(path).toString(), attributes.isSymbolicLink() ? LINK : attributes.isDirectory() ? DIRECTORY
                        : attributes.isOther() ? OTHER : Files.readString(path));
            }
        }
        return facts;
    }

    /** Removes all that lies in a directory and below it; the server may be about to remove some of it too. */
    public static void empty(final Path directory) throws IOException {
        for (final Path path : contentOf(directory)) {
            Files.deleteIfExists(path);
        }
    }

    /** All that lies in a directory and below it, what is in a directory before the directory. Links are not followed. */
    public static List<Path> contentOf(final Path directory) throws IOException {
        final List<Path> all = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (final Path entry : entries.toList()) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    all.addAll(contentOf(entry));
                }
                all.add(entry);
            }
        } catch (final NoSuchFileException removedMeanwhile) {
            return List.of();
        }
        return all;
    }
}
