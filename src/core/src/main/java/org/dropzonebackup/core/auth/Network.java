package org.dropzonebackup.core.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where requests come from: an IPv4 address, or the /64 of an IPv6 address, since that is what one client has. Immutable.
 *
 * @param bits never to be read from, as that moves its position
 */
public record Network(ByteBuffer bits) {

    /** The network of an address. */
    public static Network of(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return new Network(ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes));
    }
}
