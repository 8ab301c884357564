package org.dropzonebackup.web.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;

/**
 * A request as Faces sees it, with a path, the languages of the client, and the application's attributes. Parameters, cookies
 * and headers are left out, because a client could use them to make Faces restore views or fail.
 */
final class BareRequest extends HttpServletRequestWrapper {

    BareRequest(final HttpServletRequest request) {
        super(request);
    }

    @Override
    public String getParameter(final String name) {
        return null;
    }

    @Override
    public String[] getParameterValues(final String name) {
        return null;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Map.of();
    }

    @Override
    public String getQueryString() {
        return null;
    }

    @Override
    public Cookie[] getCookies() {
        return null;
    }

    @Override
    public String getHeader(final String name) {
        return null;
    }

    @Override
    public Enumeration<String> getHeaders(final String name) {
        return Collections.emptyEnumeration();
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public int getIntHeader(final String name) {
        return -1;
    }

    @Override
    public long getDateHeader(final String name) {
        return -1;
    }

    @Override
    public String getContentType() {
        return null;
    }

    @Override
    public String getCharacterEncoding() {
        return StandardCharsets.UTF_8.name();
    }

    @Override
    public void setCharacterEncoding(final String encoding) {
        // Nothing of the body is read
    }
}
