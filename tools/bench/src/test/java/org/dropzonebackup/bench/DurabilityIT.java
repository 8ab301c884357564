package org.dropzonebackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dropzonebackup.bench.SystemCalls.Call;
import org.dropzonebackup.core.Prerequisite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server asks the system for, durability above all, and in which order: from a trace of its system calls. */
class DurabilityIT {

    private static final Predicate<Call> SUCCESS = call ->
            call.isOneOf("write", "writev", "sendto") && call.text().contains("HTTP/1.1 200");

    private static final Predicate<Call> ENTRY =
            call -> call.isOneOf("write", "pwrite64") && call.succeeded() && call.text().contains(".jsonl>");
    private static final Predicate<Call> SYNC_OF_JOURNAL =
            call -> call.isOneOf("fsync", "fdatasync") && call.succeeded() && call.text().contains(".jsonl>");

    @TempDir
    private Path directory;
    private Path box;

    @BeforeAll
    static void needsStrace() {
        Prerequisite.programs("strace");
    }

    @BeforeEach
    void createBox() throws IOException {
        box = Files.createDirectory(directory.resolve("box"));
    }

    @Test
    void newFileIsDurableBeforeItIsVisibleAndItsNameBeforeTheAnswer() throws Exception {
        final SystemCalls calls = trace(Uploading::raw);

        assertDurable(calls, "one");
    }

    @Test
    void allFilesOfAFormAreDurableBeforeTheFirstIsVisible() throws Exception {
        final SystemCalls calls = trace(Uploading::form);

        assertDurable(calls, "one");
        assertDurable(calls, "two");
        assertThat(calls.last("sync of the second file", syncOf(stagingOf(calls, "two")))
                .before(calls.last("publication", publicationOf("one")))).isTrue();
    }

    @Test
    void replacingFileIsDurableBeforeItIsVisible() throws Exception {
        Files.writeString(box.resolve("one"), "old");

        final SystemCalls calls = trace(Uploading::raw, "--overwrite");

        final Call rename = calls.last("rename", renameTo("one"));
        final Call syncOfDirectory = calls.last("sync of the directory", syncOf(box.toRealPath().toString()));
        final String second = rename.text().split("\"")[1];
        final String staged = calls.last("link", call -> call.isOneOf("link", "linkat") && call.text().contains("\"" + second + "\""))
                .text().split("\"")[1];
        assertThat(calls.last("write", writeTo(staged)).before(calls.last("sync", syncOf(staged)))).isTrue();
        assertThat(calls.last("sync", syncOf(staged)).before(rename)).isTrue();
        assertThat(rename.before(syncOfDirectory)).isTrue();
        assertEntered(calls, syncOfDirectory);
    }

    @Test
    void offsetIsDurableBeforeItIsToldAndTheBytesBeforeTheOffset() throws Exception {
        final SystemCalls calls;
        try (Server server = Server.start(traced())) {
            final String upload = Tus.create(server, "one", 7);
            try (Exchange cut = Tus.begin(server, upload, 0, 7, (byte) 1, (byte) 2, (byte) 3)) {
                assertThat(Scene.eventually(() -> new Scene(directory, box).staged() == 3)).isTrue();
                assertThat(Tus.offset(server, upload)).isEqualTo(3);
                assertThat(cut.readAll()).startsWith("HTTP/1.1 503");
            }
            calls = SystemCalls.in(directory.resolve("trace"));
        }
        final Call state = calls.last("record", call -> call.isOneOf("rename", "renameat2") && call.text().contains(".state.~tmp"));
        final Call bytes = calls.last("write", call -> call.isOneOf("write", "pwrite64") && call.text().contains(".upload.~tmp>"));
        final Call sync = calls.last("sync", call -> call.isOneOf("fsync", "fdatasync") && call.text().contains(".upload.~tmp>"));
        final String recorded = state.text().split("\"")[1];
        assertThat(bytes.before(sync)).as("write, then sync the bytes").isTrue();
        assertThat(sync.before(calls.last("sync of the record", syncOf(recorded)))).as("sync the bytes, then record").isTrue();
        assertThat(calls.last("sync of the record", syncOf(recorded)).before(state)).as("sync the record, then replace").isTrue();
        final Call directories = calls.last("sync of the directory", syncOf(box.toRealPath().toString()));
        assertThat(state.before(directories)).as("replace, then sync the directory").isTrue();
        assertThat(directories.before(calls.last("answer", SUCCESS))).as("sync the directory, then answer").isTrue();
    }

    @Test
    void newDirectoryIsDurableBeforeTheAnswer() throws Exception {
        Files.delete(box);

        final SystemCalls calls = trace(Uploading::raw, "--auto-create-user-dirs");

        final Call creation = calls.last("mkdir", call -> call.isOneOf("mkdir") && call.text().contains("/box\""));
        final Call sync = calls.last("sync of the directory above", syncOf(directory.toRealPath().toString()));
        assertThat(creation.before(sync)).isTrue();
        assertThat(sync.before(calls.last("answer", SUCCESS))).isTrue();
    }

    @Test
    void directoriesOfAPathAreDurableBeforeTheyAreVisibleAndBeforeTheAnswer() throws Exception {
        Files.createDirectory(box.resolve("a"));

        final SystemCalls calls = trace(exchange -> exchange.send("PUT /upload/a/b/c/one HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n" + Sender.HEADERS + "Content-Length: 7\r\n\r\ncontent"));

        final Call publication = calls.last("publication", renamedTo("b"));
        for (final String name : new String[] {"one", "c"}) {
            // Each is put into a directory that has a staging name then
            final Call put = calls.last("rename to " + name, renamedTo(name));
            final String staged = put.text().split("<|>")[3];
            assertThat(put.before(calls.last("sync", syncOf(staged)))).as(name).isTrue();
            assertThat(calls.last("sync", syncOf(staged)).before(publication)).as(name).isTrue();
        }
        final Call answer = calls.last("answer", SUCCESS);
        for (final String changed : new String[] {"a/b/c", "a/b", "a", ""}) {
            final Call sync = calls.last("sync of " + changed, syncOf(box.toRealPath().resolve(changed).toString()));
            assertThat(publication.before(sync)).as(changed).isTrue();
            assertThat(sync.before(answer)).as(changed).isTrue();
        }
    }

    @Test
    void tableOfMountsIsNotReadForEveryUpload() throws Exception {
        final SystemCalls calls;
        try (Server server = Server.start(traced())) {
            putLarge(server, "one");
            putLarge(server, "two");
            final String upload = Tus.create(server, "three", 1);
            assertThat(Tus.patch(server, upload, 0, (byte) 1).status()).isEqualTo(204);
            calls = SystemCalls.in(directory.resolve("trace"));
        }
        final Call firstAnswer = calls.all(SUCCESS).get(0);
        assertThat(calls.all(opened("O_DIRECT|"))).as("large files, past the cache").hasSize(2);
        assertThat(calls.all(opened("/proc/mounts"))).isNotEmpty().allMatch(read -> read.before(firstAnswer));
    }

    private static void putLarge(final Server server, final String name) throws IOException {
        final byte[] content = new byte[8 << 20];
        try (Exchange exchange = new Exchange(server)) {
            exchange.send("PUT /upload/" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS
                    + "Content-Length: " + content.length + "\r\n\r\n").send(content);
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
    }

    private static Predicate<Call> opened(final String words) {
        return call -> call.isOneOf("openat") && call.text().contains(words);
    }

    private void assertDurable(final SystemCalls calls, final String name) throws IOException {
        final String staged = stagingOf(calls, name);
        final Call sync = calls.last("sync of the file", syncOf(staged));
        final Call publication = calls.last("publication", publicationOf(name));
        final Call syncOfDirectory = calls.last("sync of the directory", syncOf(box.toRealPath().toString()));
        assertThat(calls.last("write", writeTo(staged)).before(sync)).as("write, then sync the file").isTrue();
        assertThat(sync.before(publication)).as("sync the file, then publish").isTrue();
        assertThat(publication.before(syncOfDirectory)).as("publish, then sync the directory").isTrue();
        assertEntered(calls, syncOfDirectory);
        assertThat(calls.last("entry", ENTRY).before(calls.last("removal", call -> call.isOneOf("unlink", "unlinkat")
                && call.text().contains(staged.substring(staged.lastIndexOf('/')))))).as("enter, then give up the staging name").isTrue();
    }

    /** In the journal, durably, before the answer. */
    private static void assertEntered(final SystemCalls calls, final Call published) throws IOException {
        final Call entry = calls.last("entry", ENTRY);
        final Call sync = calls.last("sync of the journal", SYNC_OF_JOURNAL);
        assertThat(published.before(entry)).as("sync the directory, then enter").isTrue();
        assertThat(entry.before(sync)).as("enter, then sync the journal").isTrue();
        assertThat(sync.before(calls.last("answer", SUCCESS))).as("sync the journal, then answer").isTrue();
    }

    private static String stagingOf(final SystemCalls calls, final String name) {
        return calls.last("publication", publicationOf(name)).text().split("\"")[1];
    }

    private static Predicate<Call> publicationOf(final String name) {
        return call -> call.isOneOf("link", "linkat") && call.succeeded() && call.text().contains("/" + name + "\"");
    }

    private static Predicate<Call> renameTo(final String name) {
        return call -> call.isOneOf("rename", "renameat", "renameat2") && call.succeeded()
                && call.text().contains("/" + name + "\"");
    }

    private static Predicate<Call> renamedTo(final String name) {
        return call -> call.isOneOf("renameat", "renameat2") && call.succeeded() && call.text().contains(", \"" + name + "\"");
    }

    private static Predicate<Call> writeTo(final String path) {
        return call -> call.isOneOf("write", "pwrite64", "writev") && call.text().contains("<" + path + ">");
    }

    private static Predicate<Call> syncOf(final String path) {
        return call -> call.isOneOf("fsync") && call.succeeded() && call.text().contains("<" + path + ">");
    }

    private interface Uploading {

        void to(Exchange exchange) throws IOException;

        static void raw(final Exchange exchange) throws IOException {
            exchange.send("PUT /upload/one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS + "Content-Length: 7\r\n\r\ncontent");
        }

        static void form(final Exchange exchange) throws IOException {
            exchange.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS
                    + "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (final String name : new String[] {"one", "two"}) {
                exchange.sendChunk(("--b\r\nContent-Disposition: form-data; name=f; filename=" + name + "\r\n\r\ncontent\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
            }
            exchange.sendChunk("--b--".getBytes(StandardCharsets.ISO_8859_1)).sendChunk();
        }
    }

    private SystemCalls trace(final Uploading uploading, final String... options) throws IOException {
        try (Server server = Server.start(traced(options)); Exchange exchange = new Exchange(server)) {
            uploading.to(exchange);
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
        return SystemCalls.in(directory.resolve("trace"));
    }

    private Server.Command traced(final String... options) throws IOException {
        final String[] all = Stream.concat(Stream.of(options), Stream.of("--upload-base-dir", directory.toString(),
                "--anonymous-dir", box.toString(), "--free-space-reserve", "0",
                "--users-file", Sender.enter(directory.resolve("users.properties"), box).toString()))
                .toArray(String[]::new);
        return Server.Command.of(
                Path.of(System.getProperty("dropzone.server.jar")), directory.resolve("log"), all)
                .briefly().after("strace", "-f", "-y", "--seccomp-bpf", "-s", "16", "-o", directory.resolve("trace").toString(), "-e",
                        "trace=write,writev,pwrite64,sendto,fsync,fdatasync,link,linkat,rename,renameat,renameat2,mkdir,openat,unlink,unlinkat");
    }
}
