package org.dropzonebackup.web.page;

import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.json.JSONObject;

/**
 * The page's words in one language, for the page and for its script alike. There is no bundle without a language: the
 * one of the server's own locale would come before it.
 */
record Texts(ResourceBundle bundle) {

    static final String BUNDLE = "org.dropzonebackup.web.page.Texts";
    private static final String FOR_SCRIPT = "script.";

    static Texts in(final Locale locale) {
        return new Texts(ResourceBundle.getBundle(BUNDLE, locale));
    }

    /** A text with {@code {0}} replaced. */
    String say(final String key, final String value) {
        return bundle.getString(key).replace("{0}", value);
    }

    /** What the script says, as JSON: keys without their prefix. */
    String forScript() {
        final Map<String, String> texts = new TreeMap<>();
        bundle.keySet().stream().filter(key -> key.startsWith(FOR_SCRIPT))
                .forEach(key -> texts.put(key.substring(FOR_SCRIPT.length()), bundle.getString(key)));
        return new JSONObject(texts).toString();
    }
}
