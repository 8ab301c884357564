package org.dropzonebackup.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests that any settings are read, or every wrong one is named. */
class SettingsFuzz {

    private static final Source REQUIRED = new Source(key -> "test " + key, Map.of(
            "upload-base-dir", System.getProperty("java.io.tmpdir"), "users-file", "users")::get);

    /** @param bytes lines NAME=value, of any setting but {@code config}, which reads files */
    @FuzzTest
    void readsSettingsOrNamesEachWrongOne(final byte[] bytes) {
        final Map<String, String> given = new HashMap<>();
        for (final String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
            final int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("config=")) {
                given.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        final Source source = new Source(key -> "[" + key + "]", given::get);
        try {
            final Settings settings = Settings.read(List.of(source, REQUIRED), Map.of());
            assertSound(settings);
            assertThat(Settings.read(List.of(source, REQUIRED), Map.of())).as("the same again").isEqualTo(settings);
        } catch (final SettingsException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem ->
                    assertThat(problem.sentence()).matches(said -> given.keySet().stream()
                            .anyMatch(key -> said.contains("[" + key + "]")), "names what was given"));
        }
    }

    private static void assertSound(final Settings settings) {
        assertThat(settings.storage().uploadBaseDir()).isAbsolute();
        assertThat(settings.access().usersFile()).isAbsolute();
        assertThat(settings.auditLog().filter(file -> !file.isAbsolute())).isEmpty();
        assertThat(settings.storage().tmpSuffix()).hasSizeBetween(1, 32).doesNotContain("/", "\\");
        final Optional<Path> anonymous = settings.storage().anonymousDir().map(Path::of);
        assertThat(anonymous.filter(directory -> !directory.equals(directory.normalize())
                && !directory.isAbsolute() && directory.normalize().startsWith(".."))).isEmpty();
        assertThat(settings.limits().maxFileSize()).isNotNegative();
        assertThat(settings.limits().freeSpaceReserve()).isNotNegative();
        assertThat(settings.limits().minRate()).isNotNegative();
        assertThat(List.of(settings.limits().refusalDrain(), settings.limits().idleTimeout(), settings.storage().staleAfter()))
                .allMatch(duration -> !duration.isNegative());
        for (final AddressBlock block : settings.access().trustedProxies()) {
            assertThat(block.contains(block.network())).isTrue();
        }
    }
}
