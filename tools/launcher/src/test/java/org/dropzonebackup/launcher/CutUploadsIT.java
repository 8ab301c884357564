package org.dropzonebackup.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.web.CutUploads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** To the server jar, too, a request in chunks may be cut anywhere on its way. */
class CutUploadsIT {

    @TempDir
    private static Path directory;
    private static ServerProcess server;
    private static CutUploads inTwo;
    private static CutUploads inThree;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory);
        inTwo = cut(1);
        inThree = cut(2);
    }

    private static CutUploads cut(final int cuts) throws IOException {
        return new CutUploads(URI.create("http://127.0.0.1:" + server.port() + "/").toURL(), "bob",
                ServerProcess.BOBS_PASSWORD, server.directoryOf("bob"), cuts);
    }

    static Stream<Arguments> uploads() {
        return Nightly.cases(Stream.of(inTwo, inThree))
                .flatMap(uploads -> Stream.of(CutUploads.Kind.values()).map(kind -> Arguments.of(uploads, kind)));
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @ParameterizedTest
    @MethodSource("uploads")
    void storesAnUploadHoweverItIsCut(final CutUploads uploads, final CutUploads.Kind kind) throws IOException {
        uploads.send(kind);
    }
}
