package org.dropzonebackup.web.headers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.core.receive.DigestAlgorithm;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;

/**
 * Reads the digests in headers: {@code Content-Digest} and {@code Repr-Digest} (RFC 9530), which are dictionaries of byte
 * sequences (RFC 8941), and their forerunners {@code Content-MD5} (RFC 1864) and {@code Digest} (RFC 3230). Without a
 * {@code Content-Encoding} all of them mean the same bytes, unless the file comes in pieces: then {@code Content-Digest} and
 * {@code Content-MD5} are those of the piece, and the others those of the whole file.
 */
public final class DigestHeaders {

    private static final Pattern MEMBER = Pattern.compile("([a-z*][a-z0-9_.*-]*)(?:=(.*))?");
    private static final Pattern BYTES = Pattern.compile(":([A-Za-z0-9+/]*={0,2}):(?:;.*)?");

    private final Function<String, List<String>> headers;
    private final Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
    private String unknown = "";

    private DigestHeaders(final Function<String, List<String>> headers) {
        this.headers = headers;
    }

    /**
     * Reads the digests of a file that comes whole.
     *
     * @param headers the values of all headers of a name
     * @return by algorithm; empty if there is no such header
     * @throws RefusedException with {@link Malformed} if a header cannot be read or contradicts another, or no algorithm is
     *         known
     */
    public static Map<DigestAlgorithm, byte[]> ofAll(final Function<String, List<String>> headers) throws RefusedException {
        return new DigestHeaders(headers).readContent().readWhole().known();
    }

    /**
     * Reads the digests of the piece that a request carries.
     *
     * @throws RefusedException as {@link #ofAll}
     */
    public static Map<DigestAlgorithm, byte[]> ofPiece(final HttpServletRequest request) throws RefusedException {
        return new DigestHeaders(Headers.of(request)).readContent().known();
    }

    /** Reads the digests of the whole file of which a request carries the beginning. */
    static Map<DigestAlgorithm, byte[]> ofWhole(final HttpServletRequest request) throws RefusedException {
        return new DigestHeaders(Headers.of(request)).readWhole().known();
    }

    /**
     * Refuses a request that goes on with an upload, if it has a digest of the whole file.
     *
     * @throws RefusedException with {@link Malformed} if it has
     */
    public static void refuseOfWhole(final HttpServletRequest request) throws RefusedException {
        if (!ofWhole(request).isEmpty()) {
            throw Headers.malformed("Repr-Digest and Digest are those of the whole file: send them where the"
                    + " upload begins. That of a piece is Content-Digest.");
        }
    }

    private DigestHeaders readContent() throws RefusedException {
        for (final String value : headers.apply("Content-MD5")) {
            add("Content-MD5", DigestAlgorithm.MD5, decode("Content-MD5", value.strip()));
        }
        readDictionary("Content-Digest");
        return this;
    }

    private DigestHeaders readWhole() throws RefusedException {
        readDictionary("Repr-Digest");
        for (final String value : headers.apply("Digest")) {
            for (final String instance : value.split(",", -1)) {
                readInstance(instance.strip());
            }
        }
        return this;
    }

    private void readDictionary(final String header) throws RefusedException {
        for (final String value : headers.apply(header)) {
            for (final String member : value.split(",", -1)) {
                readMember(header, member.strip());
            }
        }
    }

    /** RFC 9530 lists MD5 and SHA-1 only to warn of them. */
    private void readMember(final String header, final String member) throws RefusedException {
        final Matcher matcher = MEMBER.matcher(member);
        if (!matcher.matches()) {
            throw malformed(header, "it must look like sha-256=:BASE64:");
        }
        final Optional<DigestAlgorithm> algorithm = DigestAlgorithm.ofKey(matcher.group(1)).filter(DigestAlgorithm::isStrong);
        if (algorithm.isEmpty()) {
            unknown = header;
            return;
        }
        final Matcher bytes = BYTES.matcher(Objects.requireNonNullElse(matcher.group(2), ""));
        if (!bytes.matches()) {
            throw malformed(header, "it must look like sha-256=:BASE64:");
        }
        add(header, algorithm.get(), decode(header, bytes.group(1)));
    }

    private void readInstance(final String instance) throws RefusedException {
        final String[] parts = instance.split("=", 2);
        if (parts.length < 2 || parts[0].isBlank()) {
            throw malformed("Digest", "it must look like SHA-256=BASE64");
        }
        final Optional<DigestAlgorithm> algorithm = DigestAlgorithm.ofKey(parts[0].strip().toLowerCase(Locale.ROOT));
        if (algorithm.isEmpty()) {
            unknown = "Digest";
            return;
        }
        add("Digest", algorithm.get(), decode("Digest", parts[1].strip()));
    }

    private void add(final String header, final DigestAlgorithm algorithm, final byte[] digest) throws RefusedException {
        if (digest.length != algorithm.length()) {
            throw malformed(header, "a " + algorithm.key() + " digest has " + algorithm.length() + " bytes, got " + digest.length);
        }
        final byte[] other = digests.put(algorithm, digest);
        if (other != null && !Arrays.equals(other, digest)) {
            throw malformed(header, "another " + algorithm.key() + " digest was sent for the same content");
        }
    }

    private static byte[] decode(final String header, final String base64) throws RefusedException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (final IllegalArgumentException e) {
            throw malformed(header, "its value is not base64");
        }
    }

    private Map<DigestAlgorithm, byte[]> known() throws RefusedException {
        if (digests.isEmpty() && !unknown.isEmpty()) {
            throw malformed(unknown, "none of its algorithms is known; sha-256 and sha-512 are");
        }
        return digests;
    }

    private static RefusedException malformed(final String header, final String why) {
        return Headers.malformed("The header " + header + " cannot be used: " + why + ".");
    }
}
