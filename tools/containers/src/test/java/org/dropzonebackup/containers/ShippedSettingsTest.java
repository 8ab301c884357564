package org.dropzonebackup.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.config.Setting;
import org.junit.jupiter.api.Test;

/** The shipped files name every setting there is, with the default it has. */
class ShippedSettingsTest {

    private static final Set<Setting> PATHS = EnumSet.of(Setting.CONFIG, Setting.UPLOAD_BASE_DIR, Setting.USERS_FILE);

    @Test
    void theContextDescriptorNamesAllSettingsWithTheirDefaults() throws IOException {
        assertNamesAll("dropzone.xml", "<Parameter name=\"dropzone.%s\" value=\"([^\"]*)\"", EnumSet.allOf(Setting.class));
    }

    @Test
    void theSettingsFileNamesAllSettingsWithTheirDefaults() throws IOException {
        assertNamesAll("dropzone.properties", "(?m)^(?:# )?%s = ?(.*)$", EnumSet.complementOf(EnumSet.of(Setting.CONFIG)));
    }

    private static void assertNamesAll(final String file, final String pattern, final Set<Setting> settings) throws IOException {
        final String text = Files.readString(Shipped.file(file));
        for (final Setting setting : settings) {
            final Matcher line = Pattern.compile(pattern.formatted(setting.key())).matcher(text);
            assertThat(line.find()).as(setting.key()).isTrue();
            if (!PATHS.contains(setting)) {
                assertThat(line.group(1)).as(setting.key()).isEqualTo(setting.defaultText());
            }
        }
    }
}
