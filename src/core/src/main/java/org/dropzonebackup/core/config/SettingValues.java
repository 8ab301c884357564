package org.dropzonebackup.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;

/** Reads single values as people write them. Each throws an {@link IllegalArgumentException} with a sentence for them. */
final class SettingValues {

    private static final Duration MIN_SCRUB = Duration.ofHours(1);
    private static final int MIN_KEY_LENGTH = 32;
    private static final ByteSize MIN_CHUNK_SIZE = ByteSize.parse("64 KiB");

    private SettingValues() {
    }

    static Path parsePath(final String text) {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (final InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    static String parseRelativeOrAbsolute(final String text) {
        parsePath(text);
        if (Arrays.asList(text.split("[/\\\\]")).contains("..")) {
            throw new IllegalArgumentException("'" + text + "' must not contain '..'");
        }
        return text;
    }

    static boolean parseSwitch(final String text) {
        return parseSwitch(text, "true", "false");
    }

    static boolean parseOnOff(final String text) {
        return parseSwitch(text, "on", "off");
    }

    private static boolean parseSwitch(final String text, final String yes, final String no) {
        if (!text.equals(yes) && !text.equals(no)) {
            throw new IllegalArgumentException("'" + text + "' is neither " + yes + " nor " + no);
        }
        return text.equals(yes);
    }

    static long parseCount(final String text) {
        if (!text.matches("[1-9]\\d{0,9}")) {
            throw new IllegalArgumentException("'" + text + "' is not a number from 1 to 9999999999");
        }
        return Long.parseLong(text);
    }

    /** The error message does not contain the key. */
    static SecretKey parseKey(final String text) {
        if (text.length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException("a key has at least " + MIN_KEY_LENGTH + " characters, such as 'openssl rand"
                    + " -hex 32' gives");
        }
        return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /** A bearer token (RFC 6750, section 2.1). The error message does not contain it. */
    static SecretKey parseToken(final String text) {
        if (!text.matches("[A-Za-z0-9._~+/-]{16,}=*")) {
            throw new IllegalArgumentException("a token has at least 16 letters and digits, such as 'openssl rand -hex 32' gives");
        }
        return new SecretKeySpec(text.getBytes(StandardCharsets.US_ASCII), "Bearer");
    }

    /** The error messages do not contain the URLs, as these may have tokens. */
    static List<URI> parseWebhooks(final String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).map(SettingValues::parseWebhook).distinct().toList();
    }

    private static URI parseWebhook(final String text) {
        try {
            final URI url = new URI(text);
            if (List.of("http", "https").contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT)) && url.getHost() != null
                    && url.getUserInfo() == null && url.getFragment() == null) {
                return url;
            }
        } catch (final URISyntaxException malformed) {
            // As any other that is none
        }
        throw new IllegalArgumentException("a receiver is an http:// or https:// address without user name and fragment");
    }

    /** The secret of Standard Webhooks. The error message does not contain it. */
    static SecretKey parseWebhookSecret(final String text) {
        if (text.startsWith("whsec_")) {
            try {
                final byte[] secret = Base64.getDecoder().decode(text.substring("whsec_".length()));
                if (secret.length >= 24 && secret.length <= 64) {
                    return new SecretKeySpec(secret, "HmacSHA256");
                }
            } catch (final IllegalArgumentException noBase64) {
                // As any other that is none
            }
        }
        throw new IllegalArgumentException("a secret is whsec_ and 24 to 64 bytes in Base64, such as 'openssl rand -base64 32' gives");
    }

    static String parseSuffix(final String text) {
        if (text.length() > 32 || text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a suffix: at most 32 characters, no separators or control characters");
        }
        return text;
    }

    /** The owner, which is the server, must be able to read and write; nobody needs to execute. */
    static Set<PosixFilePermission> parseMode(final String text) {
        if (!text.matches("0?6[0246][0246]")) {
            throw new IllegalArgumentException("'" + text + "' are not permissions of a stored file: three octal digits, the"
                    + " first a 6, the others 0, 2, 4 or 6, such as 0640");
        }
        return PosixFilePermissions.fromString(text.substring(text.length() - 3)
                .replace("0", "---").replace("2", "-w-").replace("4", "r--").replace("6", "rw-"));
    }

    static List<AddressBlock> parseBlocks(final String text) {
        return Arrays.stream(text.split(",")).map(AddressBlock::parse).toList();
    }

    /** More often would be a load on the disks that is no accident. */
    static Duration parseScrubEvery(final String text) {
        final Duration duration = DurationText.parse(text);
        if (duration.compareTo(MIN_SCRUB) < 0) {
            throw new IllegalArgumentException("'" + text + "' is too short to read all files in: 1 h or more");
        }
        return duration;
    }

    /** With smaller chunks, most of the traffic would be requests. */
    static ByteSize parseChunkSize(final String text) {
        final ByteSize size = ByteSize.parse(text);
        if (size.bytes() < MIN_CHUNK_SIZE.bytes()) {
            throw new IllegalArgumentException("'" + text + "' is too small for a chunk: 64 KiB or more");
        }
        return size;
    }

    /** Other schemes could be scripts. */
    static URI parseLink(final String text) {
        final URI link = URI.create(text);
        if (link.getScheme() == null || !Set.of("http", "https", "mailto").contains(link.getScheme())) {
            throw new IllegalArgumentException("'" + text + "' is not a link: http, https or mailto");
        }
        return link;
    }
}
