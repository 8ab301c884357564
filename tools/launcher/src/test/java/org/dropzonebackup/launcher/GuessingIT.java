package org.dropzonebackup.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RawConnection;
import org.dropzonebackup.web.RawConnection.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords are guessed from one address and from many, while the owners of the names go on uploading. */
class GuessingIT {

    private static final int OF_ONE_ADDRESS = 10;
    private static final int OF_ONE_NAME = 50;

    @TempDir
    private static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void startServer() throws IOException {
        final List<String> command = ServerProcess.plainCommand("--port", "0", "--listen", "127.0.0.1",
                "--upload-base-dir", ServerProcess.prepare(directory).toString(),
                "--users-file", directory.resolve("users.properties").toString(), "--trusted-proxies", "127.0.0.1");
        server = ServerProcess.start(new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()),
                directory.resolve("uploads"));
    }

    @AfterAll
    static void stopServer() throws InterruptedException {
        server.stop();
    }

    @Test
    void manyAddressesCloseANameToStrangersAlone() throws IOException {
        assertThat(login("bob", ServerProcess.BOBS_PASSWORD, "192.0.2.1").status()).isEqualTo(200);
        for (final String user : new String[] {"bob", "nobody"}) {
            int guesses = 0;
            Answer answer = login(user, "guess", "198.51.100.0");
            // On a slow machine some are forgotten meanwhile
            while (answer.status() == 403 && guesses < 2 * OF_ONE_NAME) {
                guesses++;
                answer = login(user, "guess", "198.51.100." + guesses);
            }
            assertThat(guesses).isGreaterThanOrEqualTo(OF_ONE_NAME);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body()).contains("from your address or for this user name", "the right password is refused too");
            assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isBetween(20, 30);
            assertThat(login(user, ServerProcess.BOBS_PASSWORD, "203.0.113.1").status()).isEqualTo(429);
        }
        assertThat(login("bob", ServerProcess.BOBS_PASSWORD, "192.0.2.1").status()).isEqualTo(200);
        assertThat(login("carol", ServerProcess.BOBS_PASSWORD, "203.0.113.1").status()).isEqualTo(200);
    }

    @Test
    void anAddressThatIsClosedLetsThroughWhoWasRightFromThere() throws IOException {
        assertThat(login("alice", ServerProcess.ALICES_PASSWORD, "192.0.2.9").status()).isEqualTo(200);
        for (int i = 0; i < 3 * OF_ONE_ADDRESS; i++) {
            assertThat(login("alice", "guess", "192.0.2.9").status()).isEqualTo(i < OF_ONE_ADDRESS ? 403 : 429);
        }
        assertThat(login("carol", ServerProcess.BOBS_PASSWORD, "192.0.2.9").status()).isEqualTo(429);
        assertThat(login("alice", ServerProcess.ALICES_PASSWORD, "192.0.2.9").status()).isEqualTo(200);
        assertThat(login("alice", ServerProcess.ALICES_PASSWORD, "192.0.2.10").status()).isEqualTo(200);
    }

    @Test
    void aNewPasswordIsNoGuess() throws IOException {
        for (int i = 0; i < 2 * OF_ONE_ADDRESS; i++) {
            final String users = Files.readString(server.usersFile());
            final String password = "dave's password " + i;
            Files.writeString(server.usersFile(), users.replaceAll("(?m)^dave.*\n", "")
                    + "dave.directory = carol\ndave.password = " + PasswordHash.of(password).text() + "\n");
            assertThat(login("dave", password, "192.0.2.20").status()).as("password %d", i).isEqualTo(200);
        }
    }

    private static Answer login(final String user, final String password, final String from) throws IOException {
        try (RawConnection connection = server.connect()) {
            return connection.send("POST /upload HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + from + "\r\nUsername: " + user
                    + "\r\nPassword: " + password + "\r\nContent-Length: 1\r\n\r\nx").readFinal();
        }
    }
}
