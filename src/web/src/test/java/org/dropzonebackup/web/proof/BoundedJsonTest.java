package org.dropzonebackup.web.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedJsonTest {

    private static final int MANY = 1 << 20;

    private static JSONObject read(final String text) {
        return new JSONObject(new BoundedJson(text));
    }

    @Test
    void readsAThousandFilesWithLongPaths() {
        final JSONObject file = new JSONObject().put("path", ("7".repeat(255) + "/,[{").repeat(10)).put("size", Long.MAX_VALUE)
                .put("sha256", "0".repeat(64));
        final JSONObject sent = new JSONObject().put("files", new JSONArray(Collections.nCopies(1000, file)));
        assertThat(read(sent.toString(2)).similar(sent)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1.", "1e", "\"", "'"})
    void refusesNumbersThatTakeLongToRead(final String before) {
        final String body = "{\"files\": [" + before + "1".repeat(1 << 20) + "]}";
        assertThatThrownBy(() -> read(body)).isInstanceOf(JSONException.class).hasMessage("too much");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{},", "[],", "1,", "\"\","})
    void refusesMoreValuesThanFilesHave(final String value) {
        final String body = "{\"files\": [" + value.repeat(1 << 20) + "1]}";
        assertThatThrownBy(() -> read(body)).isInstanceOf(JSONException.class).hasMessage("too much");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";"})
    void refusesMoreMembersThanFilesHave(final String separator) {
        final StringBuilder body = new StringBuilder("{\"files\": []");
        for (int i = 0; i < MANY; i++) {
            body.append(separator).append('"').append(i).append("\":1");
        }
        assertThatThrownBy(() -> read(body.append('}').toString())).isInstanceOf(JSONException.class).hasMessage("too much");
    }

    @Test
    void refusesDeepNesting() {
        assertThatThrownBy(() -> read("{\"files\": " + "[".repeat(50_000))).isInstanceOf(JSONException.class);
    }
}
