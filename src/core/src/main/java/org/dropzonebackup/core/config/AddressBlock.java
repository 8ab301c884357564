package org.dropzonebackup.core.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP address or a block of them, such as {@code 10.0.0.0/8} or {@code ::1}. Immutable.
 *
 * @param network an address of the block
 * @param prefix how many of its first bits all addresses of the block share
 */
public record AddressBlock(InetAddress network, int prefix) {

    /**
     * Only what no resolver would be asked about: four numbers up to 255; or what has a colon, and begins as an address does.
     * Java takes all else for the name of a host.
     */
    private static final Pattern LITERAL = Pattern.compile(
            "(?=[^:]*:)[0-9a-fA-F:][0-9a-fA-F:.]*|(?:(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)(?:\\.|$)){4}(?<!\\.)");

    /**
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    public static AddressBlock parse(final String text) {
        final String[] parts = text.strip().split("/", 2);
        final InetAddress network = address(parts[0]);
        final int bits = network.getAddress().length * 8;
        final int prefix = parts.length == 1 ? bits : prefix(parts[1], bits, text);
        return new AddressBlock(network, prefix);
    }

    private static int prefix(final String digits, final int bits, final String text) {
        final int prefix = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("'" + text + "' is not a block of addresses: after the / stands 0 to " + bits);
        }
        return prefix;
    }

    /**
     * Reads a literal address; no resolver is ever asked.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress address(final String literal) {
        if (LITERAL.matcher(literal).matches()) {
            try {
                return InetAddress.getByName(literal);
            } catch (final UnknownHostException e) {
                throw new IllegalArgumentException("'" + literal + "' is not an IP address", e);
            }
        }
        throw new IllegalArgumentException("'" + literal + "' is not an IP address");
    }

    /** Whether the block holds an address; an IPv4 address that is mapped into IPv6 is the IPv4 address. */
    public boolean contains(final InetAddress address) {
        final byte[] ours = network.getAddress();
        final byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            final int mask = 0x80 >> bit % 8;
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
