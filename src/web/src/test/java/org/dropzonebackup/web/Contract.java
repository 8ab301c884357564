package org.dropzonebackup.web;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.dropzonebackup.core.users.PasswordHash;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What the parts of the contract have in common: the finished WAR, its settings, its users, and alice's drop box. */
final class Contract {

    static final String PASSWORD = "secret-pa55";
    static final Path DIRECTORY = Path.of(System.getProperty("contract.directory"));
    static final Path BOX = DIRECTORY.resolve("uploads/alice");
    static final int MAX_FILE_SIZE = 1000;
    /** The origin of pages that may upload. */
    static final String FRIEND = "https://friend.example";

    private static boolean laidOut;

    private Contract() {
    }

    /** The WAR, and the directory that the settings of the container's run name. */
    static WebArchive war() throws IOException {
        return war("dropzone.war");
    }

    /** The same under another name, which becomes its path. */
    static WebArchive war(final String name) throws IOException {
        if (!laidOut) {
            layOut();
            laidOut = true;
        }
        return ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(new File(System.getProperty("contract.war"))).as(WebArchive.class);
    }

    private static void layOut() throws IOException {
        Files.createDirectories(BOX);
        Files.createDirectories(DIRECTORY.resolve("uploads/small"));
        final String hash = PasswordHash.of(PASSWORD).text();
        Files.writeString(DIRECTORY.resolve("users.properties"), "alice.password = " + hash + "\n"
                + "bob.password = " + hash + "\nbob.directory = alice\n"
                + "small.password = " + hash + "\nsmall.quota = 10\n"
                + "least.password = " + hash + "\nleast.directory = alice\nleast.min-file-size = 5\n"
                + "lost.password = " + hash + "\n"
                + "euro.password = " + PasswordHash.of("pä55wörd€").text() + "\neuro.directory = alice\n"
                + "latin.password = " + PasswordHash.of("pä55wörd").text() + "\nlatin.directory = alice\n"
                + "out.password = " + hash + "\nout.enabled = false\n"
                + "reader.password = " + hash + "\nreader.permissions =\n");
        Files.writeString(DIRECTORY.resolve("dropzone.properties"), "upload-base-dir = " + DIRECTORY.resolve("uploads")
                + "\nusers-file = " + DIRECTORY.resolve("users.properties")
                + "\nmax-file-size = " + MAX_FILE_SIZE + "\ntrusted-proxies = 127.0.0.1\n"
                + "anonymous-dir = alice\nchallenge-difficulty = 1000\ncors-origins = " + FRIEND + "\n");
    }

    static void emptyTheBox() throws IOException {
        SubmittedPaths.empty(BOX);
    }

    /** All that lies in the box, directories and staging files too. */
    static List<Path> stored() throws IOException {
        return SubmittedPaths.contentOf(BOX);
    }

    /** Where the bytes of an upload resource lie, as the documentation of the local store says. */
    static Path bytesOf(final String upload) {
        return BOX.resolve("." + upload.substring(upload.lastIndexOf('/') + 1) + ".upload.~tmp");
    }

    /** The paths of what is published there. */
    static List<String> names() throws IOException {
        return stored().stream().filter(path -> !path.getFileName().toString().startsWith(".") && !Files.isDirectory(path))
                .map(path -> BOX.relativize(path).toString()).toList();
    }

    /** In base64, as headers carry it. */
    static String digest(final String algorithm, final String content) throws NoSuchAlgorithmException {
        return Base64.getEncoder().encodeToString(
                MessageDigest.getInstance(algorithm).digest(content.getBytes(StandardCharsets.UTF_8)));
    }
}
