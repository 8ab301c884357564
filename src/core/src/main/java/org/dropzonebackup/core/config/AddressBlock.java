package org.dropzonebackup.core.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP address or a CIDR block, such as {@code 10.0.0.0/8} or {@code ::1}. Immutable.
 *
 * @param network an address of the block
 * @param prefix the number of leading bits that all addresses of the block share
 */
public record AddressBlock(InetAddress network, int prefix) {

    /**
     * Texts for which {@link InetAddress#getByName} never asks a resolver: four numbers up to 255; or a text with a colon that
     * begins like an IPv6 address.
     */
    private static final Pattern LITERAL = Pattern.compile(
            "(?=[^:]*:)[0-9a-fA-F:][0-9a-fA-F:.]*|(?:(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)(?:\\.|$)){4}(?<!\\.)");

    /**
     * Parses an address or a block.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static AddressBlock parse(final String text) {
        final String[] parts = text.strip().split("/", 2);
        final InetAddress network = address(parts[0]);
        final int bits = network.getAddress().length * Byte.SIZE;
        final int prefix = parts.length == 1 ? bits : parts[1].matches("\\d{1,3}") ? Integer.parseInt(parts[1]) : -1;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a block of addresses: the number after the / must be from 0 to " + bits);
        }
        return new AddressBlock(network, prefix);
    }

    /**
     * Parses a literal address, without ever asking a resolver.
     *
     * @throws IllegalArgumentException with a sentence, if it is not an address
     */
    public static InetAddress address(final String literal) {
        try {
            if (LITERAL.matcher(literal).matches()) {
                return InetAddress.getByName(literal);
            }
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException("'" + literal + "' is not an IP address", e);
        }
        throw new IllegalArgumentException("'" + literal + "' is not an IP address");
    }

    /** Whether an address is in the block. An IPv4 address mapped into IPv6 counts as the IPv4 address. */
    public boolean contains(final InetAddress address) {
        final byte[] ours = network.getAddress();
        final byte[] theirs = address.getAddress();
        return ours.length == theirs.length
                && new BigInteger(1, ours).xor(new BigInteger(1, theirs)).bitLength() <= ours.length * Byte.SIZE - prefix;
    }
}
