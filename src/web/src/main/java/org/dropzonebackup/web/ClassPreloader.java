package org.dropzonebackup.web;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;

/**
 * Loads the application's own classes at its start. Later the process may be out of file descriptors: it could not open the
 * file of a class then, and a class that failed to load once stays missing.
 */
final class ClassPreloader {

    private static final System.Logger LOG = System.getLogger(ClassPreloader.class.getName());
    private static final String LIBRARIES = "/WEB-INF/lib/";
    private static final String OWN = "org/dropzonebackup/";

    private ClassPreloader() {
    }

    static void load(final ServletContext context) {
        try {
            // In the server jar there are none, and it stays open
            final Set<String> libraries = context.getResourcePaths(LIBRARIES);
            for (final String jar : libraries == null ? Set.<String>of() : libraries) {
                if (jar.startsWith(LIBRARIES + "dropzone-")) {
                    loadFrom(context, jar);
                }
            }
        } catch (final IOException e) {
            LOG.log(Level.WARNING, "the application's classes cannot be loaded beforehand", e);
        }
    }

    private static void loadFrom(final ServletContext context, final String jar) throws IOException {
        try (InputStream in = context.getResourceAsStream(jar); JarInputStream entries = new JarInputStream(in)) {
            for (JarEntry entry = entries.getNextJarEntry(); entry != null; entry = entries.getNextJarEntry()) {
                load(entry.getName());
            }
        }
    }

    private static void load(final String file) {
        if (file.startsWith(OWN) && file.endsWith(".class")) {
            final String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            try {
                Class.forName(name, false, ClassPreloader.class.getClassLoader());
            } catch (final ClassNotFoundException | LinkageError e) {
                LOG.log(Level.DEBUG, "not loaded beforehand", e);
            }
        }
    }
}
