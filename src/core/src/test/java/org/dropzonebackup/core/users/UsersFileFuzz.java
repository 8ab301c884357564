package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.core.files.PropertyLine;

/** Tests that any users file is read or rejected, and that an edit changes nothing else. */
class UsersFileFuzz {

    private static final UserName EDITED = new UserName("alice");
    private static final String DIRECTORY = " back\\slash # and = signs: \u00e4 ";

    @FuzzTest
    void editsChangeNothingElse(final byte[] bytes) {
        final String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(new UsersEditor(text).toString()).isEqualTo(text);
        assertNoLineIsForged(text);

        final UsersEditor editor = new UsersEditor(text);
        editor.remove(EDITED);
        assertThat(editor.has(EDITED)).isFalse();
        assertThat(othersIn(editor.toString())).isEqualTo(othersIn(text));
        assertThat(lines(editor.toString())).isSubsetOf(lines(text));

        editor.set(EDITED, "directory", DIRECTORY);
        editor.set(EDITED, "quota", "5");
        assertThat(parse(editor.toString()).get(EDITED)).satisfies(user -> {
            assertThat(user.directory()).isEqualTo(DIRECTORY);
            assertThat(user.quota()).hasValue(5);
        });
        assertThat(othersIn(editor.toString())).isEqualTo(othersIn(text));

        editor.unset(EDITED, "quota");
        editor.set(EDITED, "directory", "a");
        editor.set(EDITED, "directory", "b");
        assertThat(parse(editor.toString()).get(EDITED)).satisfies(user -> {
            assertThat(user.directory()).isEqualTo("b");
            assertThat(user.quota()).isEmpty();
        });
        editor.remove(EDITED);
        assertThat(othersIn(editor.toString())).isEqualTo(othersIn(text));
    }

    private static void assertNoLineIsForged(final String text) {
        try {
            assertThat(UsersFile.parse(text).problems()).allSatisfy(problem ->
                    assertThat(problem.chars().noneMatch(Character::isISOControl)).isTrue());
        } catch (final IOException none) {
            assertThat(none.getMessage().chars().noneMatch(Character::isISOControl)).isTrue();
        }
    }

    private static List<String> lines(final String text) {
        return PropertyLine.split(text).stream().map(line -> line.text().stripTrailing()).toList();
    }

    private static Map<UserName, User> othersIn(final String text) {
        final Map<UserName, User> others = new HashMap<>(parse(text));
        others.remove(EDITED);
        return others;
    }

    private static Map<UserName, User> parse(final String text) {
        try {
            return UsersFile.parse(text).users();
        } catch (final IOException none) {
            return Map.of();
        }
    }
}
