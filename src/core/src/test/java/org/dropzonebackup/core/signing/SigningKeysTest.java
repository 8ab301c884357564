package org.dropzonebackup.core.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.SettableClock;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {

    private static final JSONObject CLAIMS = new JSONObject().put("path", "a/ä").put("size", 1L << 40);

    @TempDir
    private Path directory;
    private final SettableClock clock = new SettableClock();

    private Path file() {
        return directory.resolve("key.jwks");
    }

    private SigningKeys keys() {
        return new SigningKeys(file(), clock);
    }

    private static String encoded(final String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 8037, appendix A. */
    @Test
    void signAsTheStandardDoes() {
        final SigningKey key = SigningKey.parse(new JSONObject("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"));
        final byte[] content = (encoded("{\"alg\":\"EdDSA\"}") + "." + encoded("Example of Ed25519 signing"))
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(key.id()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(content))).isEqualTo(
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        assertThat(key.withoutPrivatePart().verifies(content, key.sign(content))).isTrue();
    }

    @Test
    void verifyWhatTheySignedAndNothingElse() {
        final String signed = keys().sign(CLAIMS).orElseThrow();
        assertThat(keys().verify(signed).orElseThrow().toMap()).isEqualTo(CLAIMS.toMap());
        final String[] parts = signed.split("\\.");
        final String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        final String other = new SigningKeys(directory.resolve("other.jwks"), clock).sign(CLAIMS).orElseThrow();
        final List<String> forged = List.of("", ".", "..", "a.b.c", signed + "x", signed.substring(1), parts[0] + "." + parts[1],
                parts[0] + "." + encoded("{\"path\":\"b\"}") + "." + parts[2], parts[0] + "." + parts[1] + ".",
                encoded(header.replace("EdDSA", "none")) + "." + parts[1] + ".",
                encoded(header.replace("EdDSA", "HS256")) + "." + parts[1] + "." + parts[2],
                encoded(header.replace("{", "{\"crit\":[\"x\"],")) + "." + parts[1] + "." + parts[2],
                other, other.split("\\.")[0] + "." + parts[1] + "." + parts[2], "x".repeat(100_000) + signed,
                encoded("[".repeat(300)) + "." + parts[1] + "." + parts[2], signed + "." + parts[2]);
        assertThat(forged).allSatisfy(text -> assertThat(keys().verify(text)).isEmpty());
    }

    @Test
    void areMadeOnceForTheirOwnerAlone() throws Exception {
        final SigningKeys keys = keys();
        assertThat(signedAtOnce(() -> keys)).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }

    @Test
    void areMadeOnceByApplicationsOfOneProcessThatStartAtOnce() throws Exception {
        assertThat(signedAtOnce(this::keys)).hasSize(1);
    }

    private static Set<String> signedAtOnce(final Supplier<SigningKeys> keys) throws Exception {
        final int count = 8;
        final ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            final CyclicBarrier start = new CyclicBarrier(count);
            final List<Future<String>> signed = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                signed.add(threads.submit(() -> {
                    start.await();
                    return keys.get().sign(CLAIMS).orElseThrow();
                }));
            }
            final Set<String> different = new HashSet<>();
            for (final Future<String> each : signed) {
                different.add(each.get());
            }
            return different;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void stayForWhatTheySignedWhenANewOneIsBegun() throws Exception {
        final SigningKeys server = keys();
        final String before = server.sign(CLAIMS).orElseThrow();
        keys().rotate();
        clock.pass(Duration.ofSeconds(2));
        final String after = server.sign(CLAIMS).orElseThrow();
        assertThat(after).isNotEqualTo(before);
        assertThat(server.verify(before)).isPresent();
        assertThat(keys().verify(after)).isPresent();
        assertThat(new JSONObject(server.publicKeys().orElseThrow()).getJSONArray("keys")).hasSize(2);
        assertThat(server.publicKeys().orElseThrow()).doesNotContain("\"d\"");
        assertThat(new JSONObject(Files.readString(file())).getJSONArray("keys").getJSONObject(1).has("d")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"keys\":[]}", "{\"keys\":[1]}", "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                + "\"x\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"}]}"})
    void areNoneIfTheFileHasNone(final String content) throws Exception {
        Files.writeString(file(), content);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        try (CapturedLog log = new CapturedLog(SigningKeys.class)) {
            assertThat(keys().sign(CLAIMS)).isEmpty();
            assertThat(log.lines()).hasSize(1).first().asString().contains("receipts are not signed", file().toString());
        }
        assertThat(keys().publicKeys()).isEmpty();
        assertThat(file()).hasContent(content);
    }

    @Test
    void areTheNewOnesThoughTheClockWasSetBack() throws Exception {
        final SigningKeys server = keys();
        final String before = server.sign(CLAIMS).orElseThrow();
        keys().rotate();
        clock.pass(Duration.ofDays(-1));
        assertThat(server.sign(CLAIMS).orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void areNotUsedIfEverybodyCanReadThem() throws Exception {
        keys().sign(CLAIMS);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        try (CapturedLog log = new CapturedLog(SigningKeys.class)) {
            assertThat(keys().sign(CLAIMS)).isEmpty();
            assertThat(log.lines()).hasSize(1).first().asString().contains("chmod 600");
        }
    }

    @Test
    void areTheLastGoodOnesWhereTheFileIsDamagedLater() throws Exception {
        final SigningKeys keys = new SigningKeys(file(), clock);
        final String signed = keys.sign(CLAIMS).orElseThrow();
        Files.writeString(file(), "{");
        clock.pass(Duration.ofSeconds(5));
        assertThat(keys.sign(CLAIMS)).contains(signed);
        assertThatThrownBy(keys::rotate).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("JWK Set");
        assertThat(file()).hasContent("{");
    }

    @Test
    void areMadeWhenThereIsADirectoryForThem() throws Exception {
        final Path later = directory.resolve("later/key.jwks");
        final SigningKeys keys = new SigningKeys(later, Clock.systemUTC());
        assertThat(keys.sign(CLAIMS)).isEmpty();
        Files.createDirectory(later.getParent());
        assertThat(new SigningKeys(later, Clock.systemUTC()).sign(CLAIMS)).isPresent();
    }
}
