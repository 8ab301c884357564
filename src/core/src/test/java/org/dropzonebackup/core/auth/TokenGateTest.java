package org.dropzonebackup.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.SettableClock;
import org.junit.jupiter.api.Test;

class TokenGateTest {

    private static final String TOKEN = "0123456789abcdef";
    private static final int ALLOWED = 10;

    private final InetAddress here = InetAddress.getLoopbackAddress();
    private final SettableClock clock = new SettableClock();
    private final TokenGate gate =
            new TokenGate(new SecretKeySpec(TOKEN.getBytes(StandardCharsets.US_ASCII), "Bearer"), clock::nanoTime);

    @Test
    void acceptsTheTokenAndNothingElse() {
        assertThat(gate.accepts(TOKEN, here)).isTrue();
        assertThat(gate.accepts("", here)).isFalse();
        assertThat(gate.accepts(TOKEN.substring(1), here)).isFalse();
        assertThat(gate.accepts(TOKEN + "0", here)).isFalse();
    }

    @Test
    void guessesLockOutTheirAddressForAWhile() {
        for (int i = 0; i < ALLOWED; i++) {
            gate.accepts("guess" + i, here);
        }
        assertThat(gate.lockedOutFor(here)).isEmpty();
        gate.accepts("one more", here);

        assertThat(gate.lockedOutFor(here)).contains(Duration.ofMinutes(5));
        clock.pass(Duration.ofMinutes(5));
        assertThat(gate.lockedOutFor(here)).isEmpty();
    }

    @Test
    void theTokenDoesNotCountHoweverOftenItIsSent() {
        for (int i = 0; i < 10 * ALLOWED; i++) {
            gate.accepts(TOKEN, here);
        }

        assertThat(gate.lockedOutFor(here)).isEmpty();
    }
}
