package org.dropzonebackup.core.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address, which is what one client usually
 * has. Immutable.
 *
 * @param bits must not be read relatively, as that moves the position and with it what {@code equals} compares
 */
public record Network(ByteBuffer bits) {

    /** The network of an address. */
    public static Network of(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return new Network(ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes));
    }
}
