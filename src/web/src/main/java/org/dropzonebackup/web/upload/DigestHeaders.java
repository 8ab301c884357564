package org.dropzonebackup.web.upload;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Reads {@code Content-Digest} and {@code Repr-Digest} (RFC 9530): dictionaries of byte sequences (RFC 8941). Without a
 * {@code Content-Encoding} the two mean the same bytes.
 */
public final class DigestHeaders {

    private static final Pattern MEMBER = Pattern.compile("([a-z*][a-z0-9_.*-]*)(?:=(.*))?");
    private static final Pattern BYTES = Pattern.compile(":([A-Za-z0-9+/]*={0,2}):(?:;.*)?");

    private static final String FORM = "it must look like sha-256=:BASE64:";

    private DigestHeaders() {
    }

    /**
     * @param values the values of all such headers of a file
     * @return what is known of them; empty if there are none
     * @throws RefusedException with {@link Malformed} if one cannot be parsed, contradicts another, or none is known
     */
    public static Map<DigestAlgorithm, byte[]> parse(final List<String> values) throws RefusedException {
        final Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
        for (final String value : values) {
            for (final String member : value.split(",", -1)) {
                parseMember(member.strip(), digests);
            }
        }
        if (digests.isEmpty() && !values.isEmpty()) {
            throw malformed("none of its algorithms is known; sha-256 and sha-512 are");
        }
        return digests;
    }

    private static void parseMember(final String member, final Map<DigestAlgorithm, byte[]> digests)
            throws RefusedException {
        final Matcher matcher = MEMBER.matcher(member);
        if (!matcher.matches()) {
            throw malformed(FORM);
        }
        final Optional<DigestAlgorithm> algorithm = DigestAlgorithm.ofKey(matcher.group(1));
        if (algorithm.isEmpty()) {
            return;
        }
        final byte[] digest = decode(Objects.requireNonNullElse(matcher.group(2), ""));
        if (digest.length != algorithm.get().length()) {
            throw malformed("a " + algorithm.get().key() + " digest has " + algorithm.get().length() + " bytes, got "
                    + digest.length);
        }
        final byte[] other = digests.put(algorithm.get(), digest);
        if (other != null && !Arrays.equals(other, digest)) {
            throw malformed("it says two different things for " + algorithm.get().key());
        }
    }

    private static byte[] decode(final String item) throws RefusedException {
        final Matcher matcher = BYTES.matcher(item);
        try {
            if (matcher.matches()) {
                return Base64.getDecoder().decode(matcher.group(1));
            }
        } catch (final IllegalArgumentException e) {
            throw malformed("its value is not base64");
        }
        throw malformed(FORM);
    }

    private static RefusedException malformed(final String why) {
        return new RefusedException(new Malformed("The digest header cannot be parsed: " + why + "."));
    }
}
