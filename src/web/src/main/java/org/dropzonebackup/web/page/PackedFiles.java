package org.dropzonebackup.web.page;

import jakarta.servlet.ServletContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;

/**
 * Readable URLs for the files of a WAR that Tomcat does not unpack. Tomcat gives them {@code war:} URLs, and encodes such a
 * URL a second time when it opens it: nothing can be read if the WAR's own URL has a {@code %}, as that of
 * {@code team#box.war} has, or that of a directory with a space. Java itself opens a {@code jar:} URL for the same file.
 */
final class PackedFiles {

    private PackedFiles() {
    }

    /** The same context, whose resources have URLs that can be opened. */
    static ServletContext readable(final ServletContext context) {
        return (ServletContext) Proxy.newProxyInstance(PackedFiles.class.getClassLoader(), new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> {
                    try {
                        final Object result = method.invoke(context, arguments);
                        return result instanceof URL url ? readable(url) : result;
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static URL readable(final URL file) throws MalformedURLException {
        return file.getProtocol().equals("war") ? URI.create("jar:" + file.getFile().replace("*/", "!/")).toURL() : file;
    }
}
