package org.dropzonebackup.web;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The ways on which a request can bring a file, each with a file of some name in it. */
public enum Way {

    PUT("PUT", "upload/NAME"),
    POST("POST", "upload", "Content-Disposition: inline; filename=NAME"),
    WHOLE_BY_DRAFT("PUT", "upload/NAME", "Upload-Complete: ?1"),
    FORM("POST", "upload", "Content-Type: multipart/form-data; boundary=b"),
    MIXED("PUT", "upload/", "Content-Type: multipart/mixed; boundary=b"),
    PAGE("POST", "upload.xhtml", "Content-Type: multipart/form-data; boundary=b"),
    DRAFT("PUT", "upload/NAME", "Upload-Complete: ?0"),
    FORM_BY_DRAFT("POST", "upload", "Upload-Complete: ?0", "Content-Type: multipart/form-data; boundary=b"),
    TUS("POST", "files", "Tus-Resumable: 1.0.0", "Upload-Metadata: filename BASE64"),
    TUS_WITH_UPLOAD("POST", "files", "Tus-Resumable: 1.0.0", "Upload-Metadata: filename BASE64",
            "Content-Type: application/offset+octet-stream");

    private final String method;
    private final String path;
    private final List<String> headers;

    Way(final String method, final String path, final String... headers) {
        this.method = method;
        this.path = path;
        this.headers = List.of(headers);
    }

    /** Whether files come as parts. */
    public boolean isForm() {
        return this == FORM || this == MIXED || this == PAGE || this == FORM_BY_DRAFT;
    }

    /** Whether the answer comes before all of the file has. */
    public boolean isBeginning() {
        return this == DRAFT || this == FORM_BY_DRAFT || this == TUS;
    }

    /** What is answered if all is well. */
    public int success() {
        return isBeginning() || this == TUS_WITH_UPLOAD ? 201 : 200;
    }

    /** What is to be sent in place of the file alone. */
    public String body(final String name, final String content) {
        return this == TUS ? "" : isForm() ? form(part(name, content)) : content;
    }

    public String form(final String... parts) {
        final List<String> all = new ArrayList<>(List.of(parts));
        if (this == PAGE) {
            all.add(0, "Content-Disposition: form-data; name=password\r\n\r\n" + Contract.PASSWORD);
            all.add(0, "Content-Disposition: form-data; name=username\r\n\r\nalice");
        }
        return "--b\r\n" + String.join("\r\n--b\r\n", all) + "\r\n--b--\r\n";
    }

    public static String part(final String name, final String content) {
        return "Content-Disposition: form-data; name=f; filename=\"" + name + "\"\r\n\r\n" + content;
    }

    /**
     * The head of a request.
     *
     * @param length of the file, for a protocol that has a header for it
     * @param query with its question mark, or empty
     * @param more headers
     */
    public String head(final String root, final String query, final String name, final int length, final String... more) {
        final List<String> all = new ArrayList<>(List.of("Host: x", "Username: alice", "Password: " + Contract.PASSWORD));
        headers.forEach(header -> all.add(named(header, name)));
        if (name().startsWith("TUS")) {
            all.add("Upload-Length: " + length);
        }
        all.addAll(List.of(more));
        return method + ' ' + root + named(path, name) + query + " HTTP/1.1\r\n" + String.join("\r\n", all) + "\r\n\r\n";
    }

    private static String named(final String text, final String name) {
        return text.replace("NAME", name).replace("BASE64", Base64.getEncoder().encodeToString(name.getBytes()));
    }
}
