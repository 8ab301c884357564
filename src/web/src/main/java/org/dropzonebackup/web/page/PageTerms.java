package org.dropzonebackup.web.page;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the page says about the server. Immutable.
 *
 * @param title of the page
 * @param message for whoever opens it
 * @param helpUrl where its help link leads
 * @param chunkSize bytes that its script sends in one request; none: as many as a file has
 * @param maxFileSize bytes that a file may have
 * @param anonymous what may be sent without a user name, if anything may
 */
public record PageTerms(String title, Optional<String> message, Optional<URI> helpUrl, OptionalLong chunkSize,
        long maxFileSize, Optional<Anonymous> anonymous) {

    /**
     * @param maxFileSize bytes that a file may have
     * @param challenge whether each file takes a solved challenge
     */
    public record Anonymous(long maxFileSize, boolean challenge) {
    }

    /** Context attribute that carries it to the page's bean. */
    public static final String ATTRIBUTE = PageTerms.class.getName();
}
