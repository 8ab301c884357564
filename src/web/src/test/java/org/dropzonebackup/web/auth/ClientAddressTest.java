package org.dropzonebackup.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.core.config.AddressBlock;
import org.dropzonebackup.web.RequestStub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

    private final ClientAddress client = new ClientAddress(List.of(AddressBlock.parse("10.0.0.0/8")));

    /** Tomcat's RemoteIpValve takes from a header whatever stands there. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "unknown", "999.1.1.1", "example.org", "/run/socket"})
    void isUnknownWhereTheContainerDoesNotKnow(final String remote) {
        assertThat(of(remote)).isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "192.0.2.1:4711, 192.0.2.1", "[::1], 0:0:0:0:0:0:0:1", "[::1]:4711, 0:0:0:0:0:0:0:1",
            "fe80::1%2, fe80:0:0:0:0:0:0:1"})
    void isReadAsContainersWriteIt(final String remote, final String address) {
        assertThat(of(remote)).isEqualTo(address);
    }

    @Test
    void isNeverANameThatAProxyPassesOn() {
        assertThat(of("10.0.0.1", "192.0.2.1, 999.1.1.1")).isEqualTo("10.0.0.1");
        assertThat(of("10.0.0.1", "192.0.2.1, example.org, 10.0.0.2")).isEqualTo("10.0.0.2");
        assertThat(of("10.0.0.1", "999.1.1.1, 192.0.2.1")).isEqualTo("192.0.2.1");
    }

    private String of(final String remote, final String... forwarded) {
        final Map<String, Object> answers = new HashMap<>(Collections.singletonMap("getRemoteAddr", remote));
        return client.of(RequestStub.of(answers, Map.of("X-Forwarded-For", List.of(forwarded)))).getHostAddress();
    }
}
