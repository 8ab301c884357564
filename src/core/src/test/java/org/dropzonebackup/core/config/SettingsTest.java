package org.dropzonebackup.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.events.EventType;
import org.dropzonebackup.core.policy.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @TempDir
    private Path base;

    private final Map<String, String> options = new HashMap<>();
    private final Map<String, String> others = new HashMap<>();

    @Test
    void hasTheDocumentedDefaults() throws SettingsException {
        final Settings settings = read();

        assertThat(settings.storage().uploadBaseDir()).isEqualTo(base);
        assertThat(settings.storage().anonymousDir()).isEmpty();
        assertThat(settings.storage().existing()).isEqualTo(Existing.REFUSE);
        assertThat(settings.storage().subdirectories()).isTrue();
        assertThat(settings.storage().autoCreateUserDirs()).isFalse();
        assertThat(settings.storage().tmpSuffix()).isEqualTo(".~tmp");
        assertThat(settings.storage().fsync()).isTrue();
        assertThat(settings.storage().fileMode()).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(settings.storage().staleAfter()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.retention()).isEqualTo(new Settings.Retention(Optional.empty(), 3));
        assertThat(settings.limits().minFileSize()).isZero();
        assertThat(settings.limits().maxFileSize()).isEqualTo(1L << 40);
        assertThat(settings.limits().freeSpaceReserve()).isEqualTo(1L << 30);
        assertThat(settings.limits().refusalDrain()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.access().trustedProxies()).isEmpty();
        assertThat(settings.access().corsOrigins()).isEmpty();
        assertThat(settings.anonymous()).isEqualTo(new Settings.Anonymous(
                Optional.of(new Settings.Challenge(200_000, Optional.empty())), 1L << 30, 10L << 30, 100));
        assertThat(settings.auditLog()).isEmpty();
        assertThat(settings.metricsToken()).isEmpty();
        assertThat(settings.events()).isEqualTo(new Settings.Events(List.of(), Optional.empty(), EnumSet.allOf(EventType.class), Optional.empty()));
        assertThat(settings.signing()).isEqualTo(new Settings.Signing(Optional.empty(), Optional.empty()));
    }

    @Test
    void takesEachSettingFromTheFirstSourceThatHasIt() throws Exception {
        final Path file = base.resolve("settings");
        Files.writeString(file, "max-file-size = 1\noverwrite = true\ntmp-suffix = .part\n");
        options.put("max-file-size", "3");
        others.putAll(Map.of("max-file-size", "2", "overwrite", "false", "config", file.toString(), "stale-after", " "));

        final Settings settings = read();

        assertThat(settings.limits().maxFileSize()).isEqualTo(3);
        assertThat(settings.storage().existing()).isEqualTo(Existing.REFUSE);
        assertThat(settings.storage().tmpSuffix()).isEqualTo(".part");
        assertThat(settings.storage().staleAfter()).isEqualTo(Duration.ofDays(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            upload-base-dir   | nowhere          | false | there is no directory
            anonymous-dir     | nowhere          | false | there is no directory
            anonymous-dir     | a/../../b        | true  | must not contain '..'
            anonymous-challenge | false          | true  | neither on nor off
            challenge-difficulty | 0             | true  | is not a number
            challenge-key     | short            | true  | at least 32 characters
            anonymous-quota   | none             | true  | is not a size
            anonymous-uploads-per-hour | many    | true  | is not a number
            max-file-size     | 5 parsecs        | true  | is not a size
            min-file-size     | none             | true  | is not a size
            min-file-size     | 2 TiB            | true  | more than the max-file-size
            existing          | overwrite        | true  | neither refuse, keep nor replace
            keep-for          | 23 h             | true  | too short to keep a file for
            keep-for          | always           | true  | is not a duration
            scrub-every       | 59 min           | true  | too short to read all files in
            keep-at-least     | -1               | true  | is not a number
            overwrite         | yes              | true  | neither true nor false
            subdirectories    | yes              | true  | neither true nor false
            fsync             | 0                | true  | neither true nor false
            file-mode         | 640x             | true  | are not permissions
            file-mode         | 0755             | true  | are not permissions
            file-mode         | 0440             | true  | are not permissions
            tmp-suffix        | a/b              | true  | is not a suffix
            free-space-reserve | -1              | true  | is not a size
            stale-after       | 7                | true  | is not a duration
            refusal-drain     | soon             | true  | is not a duration
            trusted-proxies   | 10.0.0.0/8,proxy | true  | 'proxy' is not an IP address
            trusted-proxies   | 10.0.0.0/33      | true  | after the / must be from 0 to 32
            cors-origins      | https://a.example/ | true | no path, not even a / at its end
            cors-origins      | https://a.example/page | true | no path
            cors-origins      | https://*.example | true | no wildcard
            cors-origins      | https://b\u00fccher.example | true | letters that are not ASCII as xn--
            cors-origins      | https://user@a.example | true | is not an origin
            cors-origins      | a.example        | true  | 'a.example' is not an origin such as https://
            cors-origins      | null             | true  | 'null' is not an origin
            cors-origins      | https://a.example, | true | '' is not an origin
            config            | nowhere          | false | cannot be read: there is no
            page-chunk-size   | 63 KiB           | true  | too small for a chunk
            webhook-url       | ftp://a.example  | true  | is an http:// or https:// address
            webhook-url       | https://a.example/x, | true | is an http:// or https:// address
            webhook-url       | https://user:secret@a.example/ | true | without user name
            webhook-url       | https://a.example/hook | true | without webhook-secret: whsec_
            webhook-secret    | whsec_c2hvcnQ=   | true  | whsec_ and 24 to 64 bytes in Base64
            webhook-secret    | MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3 | true | whsec_ and 24 to 64 bytes in Base64
            webhook-events    | file.stored, file.lost | true | 'file.lost' is not an event: they are file.stored, file.removed
            on-event          | /nowhere/program | false | /nowhere/program is not a file that can be executed
            metrics-token     | 0123456789abcde  | true  | at least 16 letters and digits
            metrics-token     | with blanks is no token | true | at least 16 letters and digits
            audit-log         | nowhere/file     | false | there is no directory
            audit-log         | /                | false | is not a file
            signing-key       | nowhere/file     | false | there is no directory
            """)
    void reportsTheProblemAndItsLocation(final String key, final String text, final boolean unreadable, final String what) {
        options.put(key, text.startsWith("nowhere") ? base.resolve(text).toString() : text);

        assertThatExceptionOfType(SettingsException.class).isThrownBy(this::read).satisfies(e ->
                assertThat(e.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.sentence()).startsWith("option --" + key + ": ").contains(what);
                    assertThat(problem.unreadable()).isEqualTo(unreadable);
                }));
    }

    @ParameterizedTest
    @CsvSource({"true, , REPLACE", "false, , REFUSE", ", keep, KEEP", ", replace, REPLACE", "true, replace, REPLACE", "false, refuse, REFUSE"})
    void takesTheOlderNameOfASettingToo(final String overwrite, final String existing, final Existing meant) throws SettingsException {
        others.put("overwrite", overwrite);
        options.put("existing", existing);

        assertThat(read().storage().existing()).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"true, keep", "true, refuse", "false, keep", "false, replace"})
    void refusesTwoNamesOfASettingThatContradict(final String overwrite, final String existing) {
        options.put("overwrite", overwrite);
        others.put("existing", existing);

        assertThatExceptionOfType(SettingsException.class).as("wherever they are").isThrownBy(this::read).satisfies(e ->
                assertThat(e.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.sentence()).startsWith("option --overwrite: means existing = ")
                            .endsWith(", but elsewhere existing is " + existing + ": remove one of them");
                    assertThat(problem.unreadable()).isTrue();
                }));
        others.put("existing", "perhaps");
        assertThatExceptionOfType(SettingsException.class).isThrownBy(this::read)
                .satisfies(e -> assertThat(e.problems()).as("that it cannot be read is enough").hasSize(1));
    }

    @Test
    void reportsAllProblemsAtOnce() throws IOException {
        Files.writeString(base.resolve("settings"), "colour = red\nstale-after = never\n");
        options.putAll(Map.of("config", base.resolve("settings").toString(), "fsync", "no"));
        others.put("max-file-size", "big");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(sources(), Map.of()))
                .satisfies(e -> assertThat(e.problems()).hasSize(6))
                .withMessageContainingAll("colour", "stale-after", "option --fsync", "elsewhere max-file-size",
                        "upload-base-dir is required", "users-file is required");
    }

    @Test
    void readsAFileWithAByteOrderMark() throws Exception {
        final Path file = Files.writeString(base.resolve("settings"), "\uFEFFmax-file-size = 1\npage-title = B\u00fcro \\u2013 B\n");
        options.put("config", file.toString());

        assertThat(read().limits().maxFileSize()).isEqualTo(1);
        assertThat(read().page().title()).isEqualTo("B\u00fcro \u2013 B");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            upload-base-dir = D:\\uploads      | line 2: upload-base-dir: there is a single backslash in it
            upload-base-dir = D:\\backups      | write a backslash as \\\\, or in a path as /
            upload-base-dir = \\\\server\\box  | write a backslash as \\\\, or in a path as /
            users-file = D:\\temp\\users       | line 2: users-file: there is a single backslash in it
            upload-base-dir = D:\\~users-file = x | line 2: upload-base-dir: there is a single backslash at its end
            page-title = \\u12                | line 2: page-title: there is a single backslash in it
            colour = red                      | line 2: there is no setting 'colour'
            """)
    void namesTheWrongLineOfTheFile(final String line, final String what) throws IOException {
        Files.writeString(base.resolve("settings"), "# ours\n" + line.replace('~', '\n') + "\n");
        options.putAll(Map.of("config", base.resolve("settings").toString()));
        others.putAll(line.startsWith("users-file") ? Map.of("upload-base-dir", base.toString())
                : line.startsWith("upload-base-dir") ? Map.of("users-file", base.resolve("users").toString())
                : Map.of("upload-base-dir", base.toString(), "users-file", base.resolve("users").toString()));

        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> Settings.read(sources(), Map.of())).satisfies(e ->
                assertThat(e.problems()).singleElement().satisfies(problem -> {
                    assertThat(problem.sentence()).startsWith(base.resolve("settings") + ", line 2: ").contains(what);
                    assertThat(problem.unreadable()).isTrue();
                }));
    }

    @ParameterizedTest
    @CsvSource({"UTF-16, line 1 is not UTF-8 but UTF-16", "windows-1252, line 2 is not UTF-8"})
    void namesTheEncodingThatTheFileShouldHave(final String encoding, final String what) throws IOException {
        Files.write(base.resolve("settings"), "fsync = true\npage-title = B\u00fcro\n".getBytes(encoding));
        options.put("config", base.resolve("settings").toString());

        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> Settings.read(sources(), Map.of()))
                .satisfies(e -> assertThat(e.problems()).as("it may name the directory").hasSize(1))
                .withMessageContainingAll("cannot be read: " + what, "save it as UTF-8").withMessageNotContaining("Exception");
    }

    @Test
    void acceptsAMissingAnonymousDirThatMayBeCreated() throws SettingsException {
        options.putAll(Map.of("anonymous-dir", "nowhere", "auto-create-user-dirs", "true"));

        assertThat(read().storage().anonymousDir()).contains("nowhere");
    }

    @Test
    void readsOriginsAsBrowsersSendThem() throws SettingsException {
        options.put("cors-origins", " HTTPS://Cloud.Example:443 ,http://a.example:80,http://a.example:8080, https://a.example:80,"
                + "https://[2001:DB8::1]:8443, capacitor://localhost");

        assertThat(read().access().corsOrigins()).containsExactlyInAnyOrder("https://cloud.example", "http://a.example",
                "http://a.example:8080", "https://a.example:80", "https://[2001:db8::1]:8443", "capacitor://localhost");
        options.put("cors-origins", "*");
        assertThat(read().access().corsOrigins()).containsExactly("*");
    }

    @Test
    void readsOriginsThoughOtherSettingsAreWrong() {
        options.putAll(Map.of("cors-origins", "https://a.example", "fsync", "perhaps"));

        assertThat(Settings.corsOrigins(sources())).containsExactly("https://a.example");
        options.put("cors-origins", "https://a.example/");
        assertThat(Settings.corsOrigins(sources())).isEmpty();
    }

    @Test
    void neverPrintsAKey() throws SettingsException {
        final String secret = "0123456789abcdef0123456789abcdef";
        options.put("challenge-key", secret);

        assertThat(read().anonymous().challenge().flatMap(Settings.Challenge::key)).map(Key::getEncoded)
                .contains(secret.getBytes(StandardCharsets.UTF_8));
        options.put("metrics-token", secret);
        options.put("webhook-url", "https://a.example/" + secret + ", http://127.0.0.1:9/");
        options.put("webhook-secret", "whsec_" + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        options.put("webhook-events", "backup.late,backup.down");
        assertThat(read().events().webhooks()).hasSize(2);
        assertThat(read().events().secret()).map(Key::getEncoded).contains(secret.getBytes(StandardCharsets.UTF_8));
        assertThat(read().events().types()).containsExactly(EventType.BACKUP_LATE, EventType.BACKUP_DOWN);
        assertThat(read().toString()).doesNotContain(secret);
        options.put("metrics-token", "a secret that is wrong");
        options.put("challenge-key", "too-short-a-secret");
        options.put("webhook-url", "https://a.example/#too-short-a-secret");
        options.put("webhook-secret", "whsec_a secret that is wrong");
        assertThatExceptionOfType(SettingsException.class).isThrownBy(this::read)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("too-short-a-secret", "a secret that is wrong"));
    }

    private Settings read() throws SettingsException {
        return Settings.read(sources(),
                Map.of(Setting.UPLOAD_BASE_DIR, base.toString(), Setting.USERS_FILE, base.resolve("users").toString()));
    }

    private List<Source> sources() {
        return List.of(new Source(key -> "option --" + key, options::get), new Source(key -> "elsewhere " + key, others::get));
    }
}
