package org.dropzonebackup.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dropzonebackup.core.units.ByteSize;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page, its script and the bundles name the same texts, in every language. */
class TextsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern IN_PAGE = Pattern.compile("text\\['([a-z.-]+)']");
    private static final Pattern IN_BEAN = Pattern.compile("say\\(\"([a-z.-]+)\"");
    private static final Pattern IN_SCRIPT = Pattern.compile("say\\((?:[^()']* \\? )?'([a-z-]+)'(?: : '([a-z-]+)')?");
    /** What the state of a row, or of a file that a receipt tells of, is called is looked up by the state. */
    private static final Set<String> STATES = Set.of("waiting", "offline", "no-answer", "paused", "done", "refused",
            "state-damaged", "state-missing", "state-unknown", "state-unentered");

    @ParameterizedTest
    @ValueSource(strings = {"en", "hu", "de", "fr", "es"})
    void everyLanguageHasWhatIsUsedAndNothingElse(final String language) throws IOException {
        assertThat(bundle(language).keySet()).containsExactlyInAnyOrderElementsOf(used());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hu", "de", "fr", "es"})
    void everyLanguagePutsInTheSame(final String language) {
        final ResourceBundle english = bundle("en");
        final ResourceBundle other = bundle(language);
        for (final String key : english.keySet()) {
            assertThat(other.getString(key)).as(key).isNotBlank();
            assertThat(holes(other.getString(key))).as(key).isEqualTo(holes(english.getString(key)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "hu", "de", "fr", "es"})
    void everyLanguageNamesAllUnits(final String language) {
        assertThat(bundle(language).getString("script.units").split(" "))
                .hasSize(new ByteSize(Long.MAX_VALUE).power() + 1).contains(language.equals("fr") ? "Gio" : "GiB");
    }

    @Test
    void theScriptIsGivenItsTextsWithoutThePrefix() {
        assertThat(new JSONObject(Texts.in(Locale.GERMAN).forScript()).getString("done")).isEqualTo("gespeichert");
        assertThat(Texts.in(Locale.ENGLISH).say("limit", "1 TiB")).isEqualTo("A file may have up to 1 TiB.");
    }

    private static ResourceBundle bundle(final String language) {
        final ResourceBundle bundle = Texts.in(Locale.forLanguageTag(language)).bundle();
        assertThat(bundle.getLocale().getLanguage()).isEqualTo(language);
        return bundle;
    }

    private static Set<String> used() throws IOException {
        final Set<String> keys = new TreeSet<>();
        STATES.forEach(state -> keys.add("script." + state));
        collect(keys, "", IN_PAGE, ROOT.resolve("webapp/upload.xhtml"), ROOT.resolve("webapp/WEB-INF/templates/site.xhtml"));
        collect(keys, "", IN_BEAN, Path.of("src/main/java/org/dropzonebackup/web/page/UploadPage.java"));
        try (Stream<Path> scripts = Files.list(ROOT.resolve("src/page/src"))) {
            collect(keys, "script.", IN_SCRIPT, scripts.toArray(Path[]::new));
        }
        return keys;
    }

    private static void collect(final Set<String> keys, final String prefix, final Pattern pattern, final Path... files)
            throws IOException {
        for (final Path file : files) {
            final Matcher matcher = pattern.matcher(Files.readString(file));
            while (matcher.find()) {
                for (int group = 1; group <= matcher.groupCount(); group++) {
                    if (matcher.group(group) != null) {
                        keys.add(prefix + matcher.group(group));
                    }
                }
            }
        }
    }

    private static Set<String> holes(final String text) {
        return Pattern.compile("\\{\\d}").matcher(text).results().map(result -> result.group()).collect(Collectors.toSet());
    }
}
