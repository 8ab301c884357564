package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    @Test
    void verifiesOnlyThePasswordThatItHashed() {
        final PasswordHash hash = PasswordHash.of("pä55wörd€");

        assertThat(hash.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hash.prepare().matches("pä55wörd€")).isTrue();
        assertThat(hash.prepare().matches("pä55wörd")).isFalse();
        assertThat(hash.toString()).doesNotContain("argon2");
    }

    @Test
    void aDecoyTakesAsLongAndMatchesNothing() {
        assertThat(PasswordHash.decoy().text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").hasSameSizeAs(PasswordHash.of("x").text());
        assertThat(PasswordHash.decoy().prepare().matches("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn",
        "$argon2id$v=19$m=8,t=2,p=4$c2FsdHNhbHQ$dGFndGFndGFndGFn", "$argon2id$v=19$m=65536,t=0,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn",
        "$argon2id$v=19$m=65536,t=3,p=0$c2FsdHNhbHQ$dGFndGFndGFndGFn", "$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$dGFndGFndGFndGFn",
        "$argon2id$v=19$m=9999999999,t=9999999999,p=9999999999$c2FsdHNhbHQ$dGFndGFndGFndGFn"})
    void rejectsMalformedHashesAndParametersOutOfBounds(final String text) {
        assertThatThrownBy(() -> new PasswordHash(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m=65536,t=999,p=4", "m=2097153,t=1,p=1", "m=8,t=9999999,p=1"})
    void rejectsHashesThatTakeMinutes(final String parameters) {
        assertThatThrownBy(() -> new PasswordHash("$argon2id$v=19$" + parameters + "$c2FsdHNhbHQ$dGFndGFndGFndGFn"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("m x t at most 2097152");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m=102400,t=2,p=8", "m=2097152,t=1,p=4", "m=262144,t=3,p=99", "m=8,t=262144,p=1"})
    void acceptsHashesOfOtherPrograms(final String parameters) {
        assertThat(new PasswordHash("$argon2id$v=19$" + parameters + "$c2FsdHNhbHQ$dGFndGFndGFndGFn").memory()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "c2FsdHNhbHRzYWx0c2Fsd,   dGFndGFndGFndGFn,      salt",
        "c2FsdHNhbHRzYWx0c2FsdB,  dGFndGFndGFndGFn,      salt",
        "c2FsdHNhbHQ,             dGFndGFndGFndGFnd,     tag",
        "c2FsdHNhbHQ,             dGFndGFndGFndGFndH,    tag"})
    void rejectsATruncatedSaltOrTag(final String salt, final String tag, final String damaged) {
        assertThatThrownBy(() -> new PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + tag))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("its " + damaged + " is not whole base64");
    }

    /** A hash that cannot be verified must be rejected when the file is read, not when somebody logs in. */
    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 86})
    void canVerifyEveryHashThatItAccepts(final int length) {
        for (final String one : new String[] {"A", "Q", "/", "x"}) {
            final PasswordHash hash;
            try {
                hash = new PasswordHash("$argon2id$v=19$m=8,t=1,p=1$" + one.repeat(length) + "$" + one.repeat(Math.max(16, length)));
            } catch (final IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("not whole base64");
                continue;
            }
            assertThat(hash.prepare().matches("secret")).isFalse();
        }
    }
}
