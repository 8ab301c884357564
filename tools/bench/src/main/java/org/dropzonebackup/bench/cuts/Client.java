package org.dropzonebackup.bench.cuts;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.bench.speed.Programs;

/** What uploads a file and goes on whenever the line broke, anonymously. */
public enum Client {

    /** tus-js-client in Node.js, each file in one request if nothing breaks. */
    TUS_JS {
        @Override
        public Uploading prepared(final Path directory) throws IOException {
            for (final String name : List.of("package.json", "package-lock.json", "upload.mjs")) {
                Programs.unpack("/clients/" + name, directory);
            }
            Programs.run(directory, "npm", "ci", "--silent", "--no-audit", "--no-fund");
            return (file, server) -> Programs.run(directory, "node", "upload.mjs", server.resolve("files/").toString(),
                    file.toString(), "0");
        }
    },

    /** tus-java-client, in requests of 10 MiB as it does by itself. */
    TUS_JAVA {
        @Override
        public Uploading prepared(final Path directory) {
            return this::upload;
        }

        private void upload(final Path file, final URI server) throws IOException {
            final TusClient client = new TusClient();
            client.setUploadCreationURL(server.resolve("files/").toURL());
            client.enableResuming(new TusURLMemoryStore());
            final TusUpload upload = new TusUpload(file.toFile());
            upload.setMetadata(Map.of("filename", file.getFileName().toString()));
            final int[] delays = new int[PATIENCE];
            Arrays.fill(delays, DELAY_MILLIS);
            final TusExecutor executor = new TusExecutor() {
                @Override
                protected void makeAttempt() throws ProtocolException, IOException {
                    try {
                        send(client.resumeOrCreateUpload(upload));
                    } catch (final ProtocolException e) {
                        // Java's client takes a head that is cut off, even in its first line, for a whole one
                        if (e.getCausingConnection() != null && e.getCausingConnection().getResponseCode() / 100 <= 2) {
                            throw new IOException(e);
                        }
                        throw e;
                    }
                }
            };
            executor.setDelays(delays);
            try {
                if (!executor.makeAttempts()) {
                    throw new IOException("interrupted");
                }
            } catch (final ProtocolException e) {
                throw new IOException(e);
            }
        }

        private void send(final TusUploader uploader) throws ProtocolException, IOException {
            int count = 0;
            while (count >= 0) {
                count = uploader.uploadChunk();
            }
            uploader.finish();
        }
    },

    /** curl and a shell, by the IETF's draft. */
    CURL {
        @Override
        public Uploading prepared(final Path directory) throws IOException {
            final String script = Programs.unpack("/clients/upload.sh", directory).toString();
            return (file, server) ->
                    Programs.run(file.getParent(), "sh", script, server.toString(), file.getFileName().toString());
        }
    };

    private static final int PATIENCE = 1000;
    private static final int DELAY_MILLIS = 50;

    /** What is ready to upload. */
    @FunctionalInterface
    public interface Uploading {
        /**
         * Uploads a file under its own name.
         *
         * @throws IOException if it gives up
         */
        void upload(Path file, URI server) throws IOException;
    }

    /** Lays down what is needed for uploads. */
    public abstract Uploading prepared(Path directory) throws IOException;
}
