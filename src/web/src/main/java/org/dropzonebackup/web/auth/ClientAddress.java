package org.dropzonebackup.web.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.config.AddressBlock;

/**
 * The address that a request came from: the connection's, or, where that is a trusted proxy's, the last one in
 * {@code X-Forwarded-For} that no trusted proxy added for another. What stands before it anybody may have written.
 *
 * @param trustedProxies whose word is believed
 */
public record ClientAddress(List<AddressBlock> trustedProxies) {

    /** Of all whose address nobody knows: what a container makes of headers, or of a socket in the file system. */
    private static final InetAddress UNKNOWN = AddressBlock.address("0.0.0.0");

    /** Where a request came from; {@code 0.0.0.0} if its container does not know. No resolver is ever asked. */
    public InetAddress of(final HttpServletRequest request) {
        InetAddress address = Optional.ofNullable(request.getRemoteAddr()).flatMap(ClientAddress::parse).orElse(UNKNOWN);
        final List<String> forwarded = new ArrayList<>();
        Collections.list(request.getHeaders("X-Forwarded-For"))
                .forEach(header -> forwarded.addAll(Arrays.asList(header.split(","))));
        Optional<InetAddress> next = Optional.of(address);
        for (int i = forwarded.size() - 1; i >= 0 && next.isPresent() && isTrusted(address); i--) {
            next = parse(forwarded.get(i).strip());
            address = next.orElse(address);
        }
        return address;
    }

    /** Whether a request was brought by a trusted proxy. */
    public boolean isProxys(final HttpServletRequest request) {
        return !trustedProxies.isEmpty() && Optional.ofNullable(request.getRemoteAddr()).flatMap(ClientAddress::parse)
                .filter(this::isTrusted).isPresent();
    }

    private static Optional<InetAddress> parse(final String text) {
        try {
            return Optional.of(AddressBlock.address(withoutZone(withoutPort(text))));
        } catch (final IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private boolean isTrusted(final InetAddress address) {
        return trustedProxies.stream().anyMatch(block -> block.contains(address));
    }

    /** Some proxies add the client's port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(final String address) {
        if (address.startsWith("[") && address.contains("]")) {
            return address.substring(1, address.indexOf(']'));
        }
        final int colon = address.indexOf(':');
        return colon >= 0 && colon == address.lastIndexOf(':') ? address.substring(0, colon) : address;
    }

    private static String withoutZone(final String address) {
        final int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
