package org.dropzonebackup.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** What a request is called in answers and logs. It tells requests apart, and is no secret. */
public final class RequestId {

    /** The header in which proxies tell it, and clients are told. */
    public static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = RequestId.class.getName();
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {
    }

    /**
     * Gives a request its name.
     *
     * @param told by a trusted proxy; counts if it has up to 64 letters, digits, dots, underscores and hyphens
     */
    public static String give(final HttpServletRequest request, final Optional<String> told) {
        final String id = told.filter(USABLE.asMatchPredicate()).orElseGet(() -> HEX.toHexDigits(ThreadLocalRandom.current().nextLong())
                + HEX.toHexDigits(ThreadLocalRandom.current().nextLong()));
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    /** The name of a request; {@code -} if it was given none, as the settings are wrong. */
    public static String of(final HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String id ? id : "-";
    }
}
