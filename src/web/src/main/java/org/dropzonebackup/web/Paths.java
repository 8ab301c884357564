package org.dropzonebackup.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dropzonebackup.web.problem.FormOutcome;
import org.dropzonebackup.web.resumable.UploadResourceServlet;

/** Where the parts of the application are, relative to its root, and how they get there. */
final class Paths {

    static final String PAGE = FormOutcome.PAGE;
    static final String UPLOADS = "/upload";
    static final String TUS = "/files";
    static final String LOGIN = "/login";
    static final String CHALLENGE = "/challenge";
    static final String VERIFY = "/verify";
    static final String METRICS = "/metrics";
    static final String HEALTH = "/health";
    static final String KEYS = "/.well-known/jwks.json";
    static final String RESOURCES = UploadResourceServlet.PATH;

    /** Of those that nobody may use without saying who it is: their methods, separated by commas. */
    static final Map<String, String> METHODS = Map.of(
            UPLOADS, "OPTIONS, POST, PUT", RESOURCES, "OPTIONS, GET, HEAD, PATCH, DELETE", TUS, "HEAD, POST, PATCH, DELETE",
            LOGIN, "POST, PUT", VERIFY, "POST");

    /** Those that have something below them. */
    private static final Set<String> PARENTS = Set.of(UPLOADS, TUS, RESOURCES);

    private Paths() {
    }

    /** Patterns for paths, and for what is below those that have something below them. */
    static String[] below(final String... paths) {
        return Stream.of(paths).flatMap(path -> PARENTS.contains(path) ? Stream.of(path, path + "/*") : Stream.of(path))
                .toArray(String[]::new);
    }

    static void servlet(final ServletContext context, final String name, final Servlet servlet, final String... paths) {
        final ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.addMapping(paths);
    }

    /** Of what a client asks for; the page is handed a request once more that has passed all of them. */
    static void filter(final ServletContext context, final String name, final Filter filter, final String... paths) {
        filter(context, name, filter, EnumSet.of(DispatcherType.REQUEST), paths);
    }

    static void filter(final ServletContext context, final String name, final Filter filter,
            final EnumSet<DispatcherType> dispatchers, final String... paths) {
        final FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(dispatchers, true, paths);
    }
}
