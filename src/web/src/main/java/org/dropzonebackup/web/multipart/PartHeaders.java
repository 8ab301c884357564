package org.dropzonebackup.web.multipart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dropzonebackup.core.refusal.Refusal.Malformed;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.ContentDisposition;
import org.dropzonebackup.web.headers.HeaderText;
import org.dropzonebackup.web.headers.Headers;

/** The headers of a part. Lines that are no headers are ignored. */
public final class PartHeaders {

    private static final Set<String> OF_FILES = Set.of("attachment", "file");
    private static final Set<String> OF_FIELDS = Set.of("", "application/json", "application/x-www-form-urlencoded");

    private final Map<String, List<String>> values = new TreeMap<>();

    private PartHeaders() {
    }

    /**
     * @param bytes lines that end in CRLF; a line that begins with a blank continues the one before
     * @param length how many of the bytes count
     */
    static PartHeaders parse(final byte[] bytes, final int length) {
        final PartHeaders headers = new PartHeaders();
        final String unfolded = HeaderText.decode(bytes, 0, length).replaceAll("\r\n[ \t]+", " ");
        for (final String line : unfolded.split("\r\n")) {
            final int colon = line.indexOf(':');
            if (colon > 0) {
                headers.values.computeIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    /**
     * The value of a header that has one. If there were two, the ignored one might be the one that names the file.
     *
     * @param name in lower case
     * @throws RefusedException with {@link Malformed} if it is there twice, with different values
     */
    public Optional<String> get(final String name) throws RefusedException {
        final List<String> different = all(name).stream().distinct().toList();
        if (different.size() > 1) {
            throw Headers.malformed("A part has two different headers '" + name + "': send one.");
        }
        return different.stream().findFirst();
    }

    /**
     * The values of a header that is a list, in any case.
     *
     * @param name in any case
     */
    public List<String> all(final String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /**
     * The parsed {@code Content-Disposition} of the part.
     *
     * @throws RefusedException with {@link Malformed} if it cannot be read
     */
    public Optional<ContentDisposition> disposition() throws RefusedException {
        final Optional<String> header = get("content-disposition");
        return header.isPresent() ? Optional.of(ContentDisposition.parse(header.get())) : Optional.empty();
    }

    /**
     * Whether the part carries a file: it has a {@code filename}, or is an attachment, or of a type that no field has.
     *
     * @throws RefusedException with {@link Malformed} if that cannot be told
     */
    public boolean isFile() throws RefusedException {
        final Optional<ContentDisposition> disposition = disposition();
        final String type = mediaType();
        return disposition.flatMap(ContentDisposition::filename).isPresent()
                || disposition.map(ContentDisposition::type).filter(OF_FILES::contains).isPresent()
                || !type.startsWith("text/") && !OF_FIELDS.contains(type);
    }

    private String mediaType() throws RefusedException {
        return Headers.mediaType(get("content-type").orElse(""));
    }

    /**
     * Refuses a file that would be stored as something else than it is. RFC 7578, section 4.7, deprecates encodings.
     *
     * @throws RefusedException with {@link Malformed} if the part is a multipart or encoded
     */
    public void requirePlainFile() throws RefusedException {
        if (mediaType().startsWith("multipart/")) {
            throw Headers.malformed("A part is a multipart itself: send each file as a part of its own.");
        }
        for (final String header : List.of("content-transfer-encoding", "content-encoding")) {
            if (all(header).stream().anyMatch(encoding -> !Headers.isNoEncoding(encoding))) {
                throw Headers.malformed("A part is encoded, as its " + header + " says: send the file as it is.");
            }
        }
    }
}
