package org.dropzonebackup.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.apache.catalina.WebResourceSet;
import org.apache.catalina.webresources.JarResourceSet;
import org.apache.catalina.webresources.StandardRoot;

/**
 * The pages and descriptors of the web application, read out of the server jar, in which they lie below {@code /webapp}.
 * Nothing is unpacked, which somebody could remove; the classes are on the class path as any others.
 */
final class JarContents extends StandardRoot {

    private static final String DIRECTORY = "/webapp";

    @Override
    protected WebResourceSet createMainResourceSet() {
        return new JarResourceSet(this, "/", jar().toString(), DIRECTORY);
    }

    private static Path jar() {
        try {
            return Path.of(JarContents.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (final URISyntaxException e) {
            throw new IllegalStateException("the server does not run from a jar", e);
        }
    }
}
