package org.dropzonebackup.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A servlet container as the README has it installed: unpacked or from Debian, with the files of {@code tomcat-conf}. */
enum Installation {

    TOMCAT_10_1("contract.tomcat-10.1.zip") {
        @Override
        ProcessBuilder lay(final Site site) throws IOException {
            return tomcat(site, unpack(site.directory()));
        }
    },

    TOMCAT_11("contract.tomcat-11.zip") {
        @Override
        ProcessBuilder lay(final Site site) throws IOException {
            return tomcat(site, unpack(site.directory()));
        }
    },

    /** The package's own configuration and scripts; only what has to be written lies elsewhere, as a second instance's. */
    DEBIAN_TOMCAT_10("") {
        @Override
        ProcessBuilder lay(final Site site) throws IOException {
            final Path base = Files.createDirectory(site.directory().resolve("tomcat10"));
            copyTree(Path.of("/etc/tomcat10"), base.resolve("conf"));
            for (final String name : List.of("lib", "logs", "policy", "tmp", "webapps", "work")) {
                Files.createDirectory(base.resolve(name));
            }
            Shipped.edit(base.resolve("conf/server.xml"), Map.of("Connector port=\"8080\"",
                    "Connector address=\"127.0.0.1\" port=\"" + site.port() + "\""));
            context(site, base);
            return site.command("tomcat", Map.of("CATALINA_HOME", "/usr/share/tomcat10",
                    "CATALINA_BASE", base.toString(), "CATALINA_TMPDIR", base.resolve("tmp").toString()),
                    "/bin/sh", "/usr/libexec/tomcat10/tomcat-start.sh");
        }
    },

    JETTY_12_1_EE10("contract.jetty-12.1.zip") {
        @Override
        ProcessBuilder lay(final Site site) throws IOException {
            return jetty(site, unpack(site.directory()), "ee10");
        }
    },

    JETTY_12_1_EE11("contract.jetty-12.1.zip") {
        @Override
        ProcessBuilder lay(final Site site) throws IOException {
            return jetty(site, unpack(site.directory()), "ee11");
        }
    };

    private final String zip;

    Installation(final String zip) {
        this.zip = zip;
    }

    /** Lays everything out in the site's directory. */
    abstract ProcessBuilder lay(Site site) throws IOException;

    private static ProcessBuilder tomcat(final Site site, final Path home) throws IOException {
        for (final String name : List.of("server.xml", "logging.properties")) {
            Files.copy(Shipped.file(name), Files.createDirectories(home.resolve("conf")).resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.copy(Shipped.file("setenv.sh"), home.resolve("bin/setenv.sh"));
        Shipped.edit(home.resolve("conf/server.xml"), Map.of("port=\"8080\"", "port=\"" + site.port() + "\""));
        context(site, home);
        return site.command("nobody", Map.of(), "/bin/sh", home.resolve("bin/catalina.sh").toString(), "run");
    }

    private static void context(final Site site, final Path base) throws IOException {
        final Path target = Files.createDirectories(base.resolve("conf/Catalina/localhost")).resolve("dropzone.xml");
        Files.copy(Shipped.file("dropzone.xml"), target);
        Shipped.edit(target, Map.of("/opt/dropzone/dropzone.war", site.war().toString(),
                "/srv/dropzone", site.uploads().toString(),
                "/etc/dropzone/users.properties", site.users().toString()));
    }

    private static ProcessBuilder jetty(final Site site, final Path home, final String environment) throws IOException {
        final Path base = Files.createDirectory(site.directory().resolve("base"));
        final String start = home.resolve("start.jar").toString();
        site.run(base, Site.JAVA, Site.SHORT_LIVED.get(0), "-jar", start, "--add-modules=server,http,graceful," + environment + "-deploy,"
                + environment + "-annotations," + environment + "-jsp");
        Files.copy(site.war(), base.resolve("webapps/dropzone.war"));
        final ProcessBuilder process = site.command("nobody", Map.of("DROPZONE_CONFIG", site.settings().toString()),
                Site.JAVA, Site.SHORT_LIVED.get(0), Site.SHORT_LIVED.get(1), "-jar", start, "jetty.http.host=127.0.0.1", "jetty.http.port=" + site.port(),
                "jetty.http.idleTimeout=120000", "jetty.http.acceptQueueSize=4096", "jetty.server.stopTimeout=30000",
                "jetty.graceful.shutdownIdleTimeout=10000");
        return process.directory(base.toFile());
    }

    /** @return the only directory in the zip */
    final Path unpack(final Path into) throws IOException {
        Path top = into;
        try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(Path.of(System.getProperty(zip))))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                final Path file = into.resolve(entry.getName());
                top = into.resolve(into.relativize(file).getName(0));
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy((InputStream) entries, file);
                }
            }
        }
        return top;
    }

    private static void copyTree(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
