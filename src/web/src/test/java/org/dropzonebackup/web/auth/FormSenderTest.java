package org.dropzonebackup.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.auth.Authenticator;
import org.dropzonebackup.core.users.LiveUsers;
import org.dropzonebackup.core.users.PasswordHash;
import org.dropzonebackup.web.RequestStub;
import org.dropzonebackup.web.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormSenderTest {

    private static final String PASSWORD = "secret-pa55";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FormSender sender;

    @BeforeEach
    void makeUsers(@TempDir final Path directory) throws IOException {
        final LiveUsers users = new LiveUsers(Files.writeString(directory.resolve("users"),
                "alice.password = " + PasswordHash.of(PASSWORD).text() + "\n"), Clock.systemUTC());
        sender = new FormSender(new Logins(new Authenticator(users, System::nanoTime), Runnable::run, timer, Runnable::run,
                Duration.ofHours(1)), new ClientAddress(List.of()), Optional.empty());
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void tellsTheSenderWhereNoThreadTakesTheFiles() {
        final List<Problem> told = new ArrayList<>();
        try (CapturedLog log = new CapturedLog(FormSender.class)) {
            sender.judge(RequestStub.of(Map.of("getRemoteAddr", "127.0.0.1"), Map.of()), "alice", PASSWORD, box -> {
                throw new OutOfMemoryError("unable to create native thread");
            }, told::add);
            assertThat(log.lines()).hasSize(1);
        }
        assertThat(told).singleElement().satisfies(problem -> {
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.headers()).containsKey("Retry-After");
        });
    }
}
