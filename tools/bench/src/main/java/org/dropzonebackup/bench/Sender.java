package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Who sends what is to replace something, or to be refused because of its name: a user, as files of anonymous senders never
 * meet. The password's hash takes no memory to speak of, so that it stays out of what is measured.
 */
public final class Sender {

    /** The headers that say who it is, each with its line end. */
    public static final String HEADERS = headers("bench");

    private static final String HASH =
            "$argon2id$v=19$m=8,t=1,p=1$YmVuY2hiZW5jaGJlbmNoIQ$riydfjhOiOL/6FaGJKNHl4xWaO4qq9wdkjP32FYpmAE";

    private Sender() {
    }

    /** The same of another user. */
    public static String headers(final String user) {
        return "Username: " + user + "\r\nPassword: bench-pa55\r\n";
    }

    /** What a users file says of a user. */
    public static String entry(final String user, final Path box) {
        return user + ".password = " + HASH + "\n" + user + ".directory = " + box + "\n";
    }

    /** A users file with this user besides those that are there. */
    public static Path enter(final Path users, final Path box) throws IOException {
        if (!Files.exists(users) || !Files.readString(users).contains("bench.password")) {
            Files.writeString(users, entry("bench", box), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return users;
    }
}
