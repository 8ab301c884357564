package org.dropzonebackup.bench.speed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Other servers that store what they are sent by {@code PUT} or the like, set up as their manuals say and not tuned. */
final class Peers {

    private static final List<String> PUT = List.of("-u", "/#");

    private Peers() {
    }

    /** The least that a server can do; see {@code loop.c}. */
    static Contender loop(final Programs programs, final boolean durable) {
        return new Contender("C loop", List.of(), (directory, box) -> Running.thatSaysItsPort(directory,
                programs.path("loop"), box.toString(), durable ? "sync" : "no"), PUT);
    }

    /** The least that one can do which takes the digest of what it stores, as the drop box does. */
    static Optional<Contender> digestingLoop(final Programs programs) {
        return Optional.of(new Contender("C loop, digest", List.of(), (directory, box) -> Running.thatSaysItsPort(directory,
                programs.path(Programs.DIGESTING_LOOP), box.toString()), PUT))
                .filter(contender -> programs.has(Programs.DIGESTING_LOOP));
    }

    /** With the buffers that it has by default, or with one of 1 MiB for the body. */
    static Contender nginx(final boolean large) {
        return new Contender(large ? "nginx, 1 MiB" : "nginx", List.of("nginx"), (directory, box) -> {
            final int port = Running.freePort();
            final Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                    daemon off;
                    user root;
                    worker_processes auto;
                    pid DIR/pid;
                    error_log DIR/error.log;
                    events {}
                    http {
                        access_log off;
                        client_max_body_size 0;
                        BUFFER
                        client_body_temp_path DIR/body;
                        proxy_temp_path DIR/p; fastcgi_temp_path DIR/f; uwsgi_temp_path DIR/u; scgi_temp_path DIR/s;
                        server {
                            listen 127.0.0.1:PORT;
                            location / {
                                root BOX;
                                dav_methods PUT;
                            }
                        }
                    }
                    """.replace("DIR", directory.toString()).replace("BOX", box.toString())
                    .replace("PORT", Integer.toString(port))
                    .replace("BUFFER", large ? "client_body_buffer_size 1m;" : ""));
            return Running.on(port, directory, "nginx", "-p", directory.toString(), "-c", configuration.toString());
        }, PUT);
    }

    /** By {@code mod_dav}. */
    static Contender apache() {
        return new Contender("Apache httpd", List.of("apache2"), (directory, box) -> {
            final int port = Running.freePort();
            final StringBuilder configuration = new StringBuilder("ServerRoot /usr/lib/apache2\n");
            for (final String module : List.of("mpm_event", "authz_core", "dav", "dav_fs")) {
                configuration.append("LoadModule ").append(module).append("_module modules/mod_").append(module).append(".so\n");
            }
            configuration.append("""
                    ServerName localhost
                    User www-data
                    Group www-data
                    PidFile DIR/pid
                    DefaultRuntimeDir DIR
                    ErrorLog DIR/error.log
                    Mutex file:DIR
                    Listen 127.0.0.1:PORT
                    LimitRequestBody 0
                    DavLockDB DIR/locks
                    DocumentRoot BOX
                    <Directory BOX>
                        Dav On
                        Require all granted
                    </Directory>
                    """.replace("DIR", directory.toString()).replace("BOX", box.toString())
                    .replace("PORT", Integer.toString(port)));
            for (final Path written : List.of(directory, box)) {
                Files.setOwner(written, written.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("www-data"));
            }
            return Running.on(port, directory, "apache2", "-D", "FOREGROUND", "-f",
                    Files.writeString(directory.resolve("apache.conf"), configuration).toString());
        }, PUT);
    }

    /** By {@code mod_webdav}. */
    static Contender lighttpd() {
        return new Contender("lighttpd", List.of("lighttpd"), (directory, box) -> {
            final int port = Running.freePort();
            final Path configuration = Files.writeString(directory.resolve("lighttpd.conf"), """
                    server.modules = ("mod_webdav")
                    server.bind = "127.0.0.1"
                    server.port = PORT
                    server.document-root = "BOX"
                    server.upload-dirs = ("DIR")
                    server.errorlog = "DIR/error.log"
                    webdav.activate = "enable"
                    """.replace("DIR", directory.toString()).replace("BOX", box.toString())
                    .replace("PORT", Integer.toString(port)));
            return Running.on(port, directory, "lighttpd", "-D", "-f", configuration.toString());
        }, PUT);
    }

    /** As a WebDAV server. */
    static Contender rclone() {
        return new Contender("rclone", List.of("rclone"), (directory, box) -> {
            final int port = Running.freePort();
            return Running.on(port, directory, "rclone", "serve", "webdav", box.toString(), "--addr", "127.0.0.1:" + port,
                    "--config", directory.resolve("rclone.conf").toString());
        }, PUT);
    }

    /** The server of npm for resumable uploads: each file in one request that creates the upload and has all of its bytes. */
    static Contender tus() {
        return new Contender("@tus/server", List.of("node", "npm"), (directory, box) -> {
            for (final String name : List.of("package.json", "package-lock.json", "server.mjs")) {
                Programs.unpack("/tus/" + name, directory);
            }
            Programs.run(directory, "npm", "ci", "--silent", "--no-audit", "--no-fund");
            return Running.thatSaysItsPort(directory, "node", "server.mjs", box.toString());
        }, List.of("-m", "POST", "-u", "/files", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Length: SIZE",
                "-H", "Content-Type: application/offset+octet-stream"));
    }

    /** All that Debian and npm have. */
    static List<Contender> all() {
        return List.of(nginx(false), nginx(true), apache(), lighttpd(), rclone(), tus());
    }
}
