package org.dropzonebackup.web.metrics;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Objects;
import org.dropzonebackup.web.headers.Headers;

/** How an upload came. */
enum WayIn {
    /** A multipart body, also that of the page. */
    FORM,
    /** The body is the file. */
    RAW,
    TUS,
    /** Resumable Uploads for HTTP. */
    DRAFT;

    /**
     * @param tus path of tus uploads
     * @param draft path of other upload resources
     */
    static WayIn of(final HttpServletRequest request, final String tus, final String draft) {
        if (request.getServletPath().equals(tus)) {
            return TUS;
        }
        if (request.getServletPath().equals(draft) || request.getHeader("Upload-Complete") != null) {
            return DRAFT;
        }
        return Headers.mediaType(Objects.requireNonNullElse(request.getHeader("Content-Type"), "")).startsWith("multipart/") ? FORM : RAW;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
