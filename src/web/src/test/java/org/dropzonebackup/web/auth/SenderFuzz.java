package org.dropzonebackup.web.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.core.config.AddressBlock;
import org.dropzonebackup.web.RequestStub;

/** Whatever a request says about its sender: an address comes out that a trusted proxy saw, and credentials or none. */
class SenderFuzz {

    private static final AddressBlock TRUSTED = AddressBlock.parse("10.0.0.0/8");
    private static final InetAddress STRANGER = AddressBlock.address("192.0.2.1");
    private static final InetAddress PROXY = AddressBlock.address("10.0.0.1");

    /** @param bytes lines: two of {@code X-Forwarded-For}, {@code Authorization}, {@code Username} and {@code Password} */
    @FuzzTest
    void isWhoATrustedProxySaw(final byte[] bytes) {
        final String[] lines = (new String(bytes, StandardCharsets.ISO_8859_1) + "\n\n\n\n\n").split("\n", -1);

        assertThat(address(STRANGER, lines[0], lines[1])).isEqualTo(STRANGER);
        assertThat(address(PROXY, lines[0], lines[1], "192.0.2.1")).as("behind what a client wrote").isEqualTo(STRANGER);
        final InetAddress seen = address(PROXY, lines[0], lines[1]);
        if (!TRUSTED.contains(seen)) {
            assertThat(address(PROXY, "198.51.100.1", lines[0], lines[1])).isEqualTo(seen);
        }

        final SubmittedCredentials submitted = SubmittedCredentials.of(RequestStub.of(Map.of(), Map.of(
                "Authorization", List.of(lines[2]), "Username", List.of(lines[3]), "Password", List.of(lines[4]))));
        submitted.credentials().ifPresent(credentials -> {
            assertThat(submitted.given()).isTrue();
            assertThat(credentials.userName()).isNotBlank();
            assertThat(credentials.toString()).as("never printed").startsWith(credentials.getClass().getName() + "@");
        });
    }

    private static InetAddress address(final InetAddress remote, final String... forwarded) {
        final HttpServletRequest request = RequestStub.of(
                Map.of("getRemoteAddr", remote.getHostAddress()), Map.of("X-Forwarded-For", List.of(forwarded)));
        return new ClientAddress(List.of(TRUSTED)).of(request);
    }
}
