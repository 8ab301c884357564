package org.dropzonebackup.core.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    @Test
    void verifiesWhatItHashedAndNothingElse() {
        final PasswordHash hash = PasswordHash.of("pä55wörd€");

        assertThat(hash.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hash.verify("pä55wörd€")).isTrue();
        assertThat(hash.verify("pä55wörd")).isFalse();
        assertThat(hash.toString()).doesNotContain("argon2");
    }

    @Test
    void aDecoyCostsAsMuchAndFitsNothing() {
        assertThat(PasswordHash.decoy().text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").hasSameSizeAs(PasswordHash.of("x").text());
        assertThat(PasswordHash.decoy().verify("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFn",
        "$argon2id$v=19$m=8,t=2,p=4$c2FsdHNhbHQ$dGFndGFndGFndGFn"})
    void refusesWhatIsNoHashOrOutOfBounds(final String text) {
        assertThatThrownBy(() -> new PasswordHash(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
