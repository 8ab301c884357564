package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others have written send what they do not know the length of, as a program does that makes a dump. */
class ForeignClientsIT {

    private static final int TIMES = 20;
    private static final int SIZE = 2_000_000;
    private static final int LARGEST_PIECE = 20_000;

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    private final byte[] content = new byte[SIZE];
    private final Random random = new Random(42);

    @BeforeAll
    static void startServer() throws IOException {
        server = ServerProcess.start(directory, "--fsync", "false");
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @Test
    void takesEveryUploadOfOkHttp() throws IOException {
        final OkHttpClient client = new OkHttpClient();
        for (int i = 0; i < TIMES; i++) {
            random.nextBytes(content);
            final boolean flushed = i % 2 == 0;
            final Request request = new Request.Builder().url(url("okhttp-" + i)).header("Username", "bob")
                    .header("Password", ServerProcess.BOBS_PASSWORD).put(new RequestBody() {
                        @Override
                        public MediaType contentType() {
                            return null;
                        }

                        @Override
                        public void writeTo(final BufferedSink sink) throws IOException {
                            writePieces(sink.outputStream(), flushed);
                        }
                    }).build();
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.code()).as("upload %d", i).isEqualTo(200);
            }
            assertThat(server.directoryOf("bob").resolve("okhttp-" + i)).hasBinaryContent(content);
        }
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @Test
    void takesEveryUploadOfApacheHttpClient() throws IOException {
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            for (int i = 0; i < TIMES; i++) {
                random.nextBytes(content);
                final boolean flushed = i % 2 == 0;
                final HttpPut request = new HttpPut(url("apache-" + i));
                request.setHeader("Username", "bob");
                request.setHeader("Password", ServerProcess.BOBS_PASSWORD);
                request.setEntity(new EntityTemplate(-1, ContentType.APPLICATION_OCTET_STREAM, null, out -> writePieces(out, flushed)));
                final int status = client.execute(request, response -> response.getCode());
                assertThat(status).as("upload %d", i).isEqualTo(200);
                assertThat(server.directoryOf("bob").resolve("apache-" + i)).hasBinaryContent(content);
            }
        }
    }

    private static String url(final String name) {
        return "http://127.0.0.1:" + server.port() + "/upload/" + name;
    }

    private void writePieces(final OutputStream out, final boolean flushed) throws IOException {
        int from = 0;
        while (from < SIZE) {
            final int to = Math.min(SIZE, from + 1 + random.nextInt(LARGEST_PIECE));
            out.write(Arrays.copyOfRange(content, from, to));
            if (flushed) {
                out.flush();
            }
            from = to;
        }
    }
}
