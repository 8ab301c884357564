package org.dropzonebackup.web.page;

import jakarta.servlet.ServletContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import org.dropzonebackup.web.problem.FormOutcome;

/**
 * Readable URLs for the files of a WAR that Tomcat does not unpack. Tomcat gives them {@code war:} URLs, and encodes such a
 * URL a second time when it opens it: nothing can be read if the WAR's own URL has a {@code %}, as that of
 * {@code team#box.war} has, or that of a directory with a space. Java itself opens a {@code jar:} URL for the same file.
 */
final class PackedFiles {

    private static final String TOMCATS = "war";

    private PackedFiles() {
    }

    /**
     * A context whose resources have URLs that can be opened.
     *
     * @return the same context if they have
     */
    static ServletContext readable(final ServletContext context) throws MalformedURLException {
        final URL page = context.getResource(FormOutcome.PAGE);
        return page != null && page.getProtocol().equals(TOMCATS)
                ? (ServletContext) Proxy.newProxyInstance(PackedFiles.class.getClassLoader(), new Class<?>[] {ServletContext.class},
                        (proxy, method, arguments) -> method.getName().equals("equals") ? proxy == arguments[0]
                                : readable(call(context, method, arguments)))
                : context;
    }

    private static Object call(final ServletContext context, final Method method, final Object... arguments) throws Throwable {
        try {
            return method.invoke(context, arguments);
        } catch (final InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object readable(final Object result) throws MalformedURLException {
        return result instanceof URL file && file.getProtocol().equals(TOMCATS)
                ? URI.create("jar:" + file.getFile().replace("*/", "!/")).toURL() : result;
    }
}
