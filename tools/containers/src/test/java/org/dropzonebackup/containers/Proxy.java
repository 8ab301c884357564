package org.dropzonebackup.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A reverse proxy from Debian's packages, with the shipped configuration and nothing that it does not need. */
enum Proxy {

    NGINX("nginx.conf") {
        @Override
        List<String> command(final Path directory, final Path site) throws IOException {
            final Path main = Files.writeString(directory.resolve("main.conf"), "daemon off;\nworker_processes 1;\npid "
                    + directory + "/nginx.pid;\nerror_log " + directory + "/error.log;\nevents {}\nhttp {\naccess_log off;\n"
                    + "client_body_temp_path " + directory + "/body;\nproxy_temp_path " + directory + "/proxy;\n"
                    + "fastcgi_temp_path " + directory + "/f;\nuwsgi_temp_path " + directory + "/u;\nscgi_temp_path "
                    + directory + "/s;\ninclude " + site + ";\n}\n");
            return List.of("nginx", "-p", directory.toString(), "-c", main.toString());
        }

        @Override
        Map<String, String> changes(final int port) {
            return Map.of("listen 443", "listen 127.0.0.1:" + port);
        }
    },

    APACHE("apache.conf") {
        @Override
        List<String> command(final Path directory, final Path site) throws IOException {
            final StringBuilder main = new StringBuilder("ServerRoot /usr/lib/apache2\nUser www-data\nGroup www-data\n"
                    + "PidFile " + directory + "/apache.pid\nDefaultRuntimeDir " + directory + "\nErrorLog " + directory
                    + "/error.log\nMutex file:" + directory + "\n");
            for (final String module : List.of("mpm_event", "authz_core", "ssl", "socache_shmcb", "proxy", "proxy_http", "headers",
                    "reqtimeout", "env")) {
                main.append("LoadModule ").append(module).append("_module modules/mod_").append(module).append(".so\n");
            }
            final String port = Files.readString(site).replaceAll("(?s).*<VirtualHost (\\S+)>.*", "$1");
            main.append("Listen ").append(port).append("\nInclude ").append(site).append('\n');
            return List.of("apache2", "-D", "FOREGROUND", "-d", directory.toString(), "-f",
                    Files.writeString(directory.resolve("main.conf"), main).toString());
        }

        @Override
        Map<String, String> changes(final int port) {
            return Map.of("*:443", "127.0.0.1:" + port);
        }
    },

    HAPROXY("haproxy.cfg") {
        @Override
        List<String> command(final Path directory, final Path site) {
            return List.of("haproxy", "-db", "-f", site.toString());
        }

        @Override
        Map<String, String> changes(final int port) {
            return Map.of("bind :443", "bind 127.0.0.1:" + port);
        }
    },

    CADDY("Caddyfile") {
        @Override
        List<String> command(final Path directory, final Path site) throws IOException {
            // Its management port and its redirects would be the whole machine's
            Files.writeString(site, Files.readString(site).replaceFirst("\\{\n", "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n"));
            return List.of("caddy", "run", "--adapter", "caddyfile", "--config", site.toString());
        }

        @Override
        Map<String, String> changes(final int port) {
            return Map.of("backup.example.org:443", "backup.example.org:" + port);
        }
    };

    private final String shipped;

    Proxy(final String shipped) {
        this.shipped = shipped;
    }

    abstract List<String> command(Path directory, Path site) throws IOException;

    /** What is changed in the shipped file, besides the back end and the certificate. */
    abstract Map<String, String> changes(int port);

    /**
     * Starts it.
     *
     * @param directory for all that it writes, with {@code fullchain.pem}, {@code key.pem} and {@code combined.pem}
     * @param port to listen on, on 127.0.0.1
     * @param backEnd the server's port
     * @param others what else is not as shipped
     */
    Process start(final Path directory, final int port, final int backEnd, final Map<String, String> others) throws IOException {
        final Path site = directory.resolve(shipped);
        Files.copy(Shipped.file("proxy").resolve(shipped), site);
        Shipped.edit(site, Map.of("127.0.0.1:8888", "127.0.0.1:" + backEnd, "/etc/ssl/dropzone", directory.toString()));
        Shipped.edit(site, changes(port));
        Shipped.edit(site, others);
        final ProcessBuilder process = new ProcessBuilder(command(directory, site)).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile());
        process.environment().putAll(Map.of("TMPDIR", directory.toString(), "HOME", directory.toString(),
                "XDG_DATA_HOME", directory.toString(), "XDG_CONFIG_HOME", directory.toString()));
        return process.start();
    }
}
