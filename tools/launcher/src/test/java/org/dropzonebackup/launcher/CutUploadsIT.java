package org.dropzonebackup.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.dropzonebackup.web.CutUploads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To the server jar, too, a request in chunks may be cut anywhere on its way. */
class CutUploadsIT {

    @TempDir
    private static Path directory;
    private static ServerProcess server;
    private static CutUploads uploads;

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory);
        uploads = new CutUploads(URI.create("http://127.0.0.1:" + server.port() + "/").toURL(), "bob",
                ServerProcess.BOBS_PASSWORD, server.directoryOf("bob"));
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @Test
    void storesARawUploadHoweverItIsCut() throws IOException {
        uploads.raw();
    }

    @Test
    void storesAFormHoweverItIsCut() throws IOException {
        uploads.form();
    }

    @Test
    void storesThePagesFormHoweverItIsCut() throws IOException {
        uploads.page();
    }

    @Test
    void storesAPieceOfTusHoweverItIsCut() throws IOException {
        uploads.tus();
    }

    @Test
    void storesAPieceOfTheDraftHoweverItIsCut() throws IOException {
        uploads.draft();
    }
}
