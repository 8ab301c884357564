package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dropzonebackup.core.Prerequisite;
import org.dropzonebackup.core.users.UserName;
import org.dropzonebackup.core.users.UsersFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the packaged admin jar stores only passwords with which the user can log in. */
class PasswordsIT {

    private static final UserName ALICE = new UserName("alice");
    private static final String WITH_UMLAUTS = "p\u00e455w\u00f6rd\u20ac";

    @TempDir
    private Path directory;
    private AdminProcess admin;

    @BeforeEach
    void useTheDirectory() {
        admin = new AdminProcess(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
    void readsStandardInputAsUtf8InAnyLocale(final String locale) throws Exception {
        for (final String mark : new String[] {"", "\uFEFF"}) {
            assertThat(admin.run((mark + WITH_UMLAUTS + "\r\n").getBytes(StandardCharsets.UTF_8), Map.of("LC_ALL", locale),
                    "adduser", "-u", "alice", "--update", "--password-stdin")).as(admin.output()).isZero();
            assertVerifies(WITH_UMLAUTS);
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE, is not UTF-8", "UTF-16, is not UTF-8", "windows-1252, is not UTF-8"})
    void refusesStandardInputInAnotherEncoding(final String encoding, final String why) throws Exception {
        assertRefused((WITH_UMLAUTS + "\r\n").getBytes(Charset.forName(encoding)), why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "secret77 "       | begins or ends with a blank
            " secret77"       | begins or ends with a blank
            "secret77\t"     | control character
            "sec\u0007ret77" | control character
            "secret\uFFFD77" | did not come through
            "p4ssw"           | too short
            "ALICE"           | too short
            """)
    void refusesPasswordsThatNoClientCanSend(final String password, final String why) throws Exception {
        assertRefused((password + "\r\n").getBytes(StandardCharsets.UTF_8), why);
        assertRefused(password.getBytes(StandardCharsets.UTF_8), why);
    }

    @Test
    void refusesPasswordsThatAreTooLongForAHeader() throws Exception {
        assertRefused("x".repeat(1001).getBytes(StandardCharsets.UTF_8), "too long: at most 1000 bytes");
        assertRefused("x".repeat(3000).getBytes(StandardCharsets.UTF_8), "too long: at most 1000 bytes");
        assertThat(admin.run("x".repeat(1000), "adduser", "-u", "alice", "--password-stdin")).isZero();
        assertVerifies("x".repeat(1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
    void readsAnArgumentAsItWasTypedOrRefusesIt(final String locale) throws Exception {
        final int status = shell(locale, "--password '" + WITH_UMLAUTS + "'");

        if (status == 0) {
            assertVerifies(WITH_UMLAUTS);
        } else {
            assertThat(status).isEqualTo(1);
            assertThat(admin.output()).contains("set LC_ALL=C.UTF-8");
            assertThat(admin.usersFile()).doesNotExist();
        }
        assertThat(status == 0 || !Files.isReadable(Path.of("/proc/self/cmdline"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void refusesAnArgumentThatIsNotUtf8(final String locale) throws Exception {
        assertThat(shell(locale, "--password \"$(printf 'p\\344ssword')\"")).isEqualTo(1);
        assertThat(admin.output()).contains("a character that did not come through").doesNotContain("ssword");
        assertThat(shell(locale, "--prefix \"$(printf 'B\\374ro')\" --password secret77")).isEqualTo(1);
        assertThat(admin.usersFile()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void readsThePromptAsItWasTypedOrRefusesIt(final String locale) throws Exception {
        Prerequisite.programs("script");
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final ProcessBuilder builder = new ProcessBuilder("script", "-qec", java + " -jar " + System.getProperty("dropzone.admin.jar")
                + " adduser -u alice --users-file " + admin.usersFile(), "/dev/null").redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("LC_ALL", locale);
        final Process process = builder.start();
        try (OutputStream typed = process.getOutputStream()) {
            typed.write((WITH_UMLAUTS + "\n" + WITH_UMLAUTS + "\n").getBytes(StandardCharsets.UTF_8));
        }

        if (process.waitFor() == 0) {
            assertVerifies(WITH_UMLAUTS);
        } else {
            assertThat(locale).isEqualTo("C");
            assertThat(admin.output()).contains("set LC_ALL=C.UTF-8", "use --password-stdin");
            assertThat(admin.usersFile()).doesNotExist();
        }
    }

    /** Uses a script, as Java cannot pass on characters that its own locale does not have. */
    private int shell(final String locale, final String options) throws Exception {
        final Path script = Files.writeString(directory.resolve("script"), "exec \"$JAVA\" -jar \"$JAR\" adduser -u alice --users-file \"$FILE\" "
                + options + "\n");
        final ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().putAll(Map.of("LC_ALL", locale, "JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "JAR", System.getProperty("dropzone.admin.jar"), "FILE", admin.usersFile().toString()));
        return builder.start().waitFor();
    }

    private void assertRefused(final byte[] input, final String why) throws Exception {
        assertThat(admin.run(input, Map.of(), "adduser", "-u", "alice", "--password-stdin")).isEqualTo(1);
        assertThat(admin.output()).hasLineCount(1).contains(why);
        assertThat(admin.usersFile()).doesNotExist();
    }

    private void assertVerifies(final String password) throws Exception {
        assertThat(UsersFile.read(admin.usersFile()).users().get(ALICE).passwordHash().orElseThrow().prepare().matches(password)).isTrue();
    }
}
