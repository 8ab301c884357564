package org.dropzonebackup.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.crypto.SecretKey;
import org.dropzonebackup.core.events.EventType;
import org.dropzonebackup.core.policy.Existing;

/**
 * The validated settings of the drop box; {@link Setting} describes each. Immutable. Sizes are in bytes, paths are absolute
 * except that of {@code anonymousDir}, and an empty {@code Optional} means that the feature is off. The {@code toString} of secrets
 * does not show them.
 */
public record Settings(Storage storage, Retention retention, Limits limits, Access access, Anonymous anonymous,
        Optional<Path> auditLog, Optional<SecretKey> metricsToken, Signing signing, Optional<Duration> scrubEvery, Events events,
        Page page) {

    /** Where and how files are stored. */
    public record Storage(Path uploadBaseDir, Optional<String> anonymousDir, Existing existing,
            boolean subdirectories, boolean autoCreateUserDirs, String tmpSuffix, boolean fsync,
            Set<PosixFilePermission> fileMode, Duration staleAfter) {
    }

    /**
     * Who is told what happens.
     *
     * @param secret is there if there is a webhook
     * @param types that webhooks are told of
     */
    public record Events(List<URI> webhooks, Optional<SecretKey> secret, Set<EventType> types, Optional<Path> program) {

        /** Without the addresses, which may have tokens. */
        @Override
        public String toString() {
            return "Events[webhooks=" + webhooks.size() + ", types=" + types + ", program=" + program + "]";
        }
    }

    /** By which key and under which name receipts are signed; none: see {@link Setting}. */
    public record Signing(Optional<Path> key, Optional<String> serverName) {
    }

    /** How long files are kept of users who have nothing else; see {@link org.dropzonebackup.core.policy.KeepRule}. */
    public record Retention(Optional<Duration> keepFor, int keepAtLeast) {
    }

    /** The limits of uploads. */
    public record Limits(long minFileSize, long maxFileSize, long freeSpaceReserve, Duration refusalDrain,
            Duration idleTimeout, long minRate) {
    }

    /** Who may upload, whose {@code X-Forwarded-*} is trusted, and which origins' pages may upload, as browsers name them; {@code *} is all. */
    public record Access(Path usersFile, List<AddressBlock> trustedProxies, Set<String> corsOrigins) {
    }

    /** The limits of anonymous uploads. */
    public record Anonymous(Optional<Challenge> challenge, long maxFileSize, long quota, long uploadsPerHour) {
    }

    /**
     * The proof of work for anonymous uploads.
     *
     * @param key the key that several servers share; empty if each makes its own. Its {@code toString} does not show it
     */
    public record Challenge(long difficulty, Optional<SecretKey> key) {
    }

    /** The texts of the upload page, and the size of its requests; without it, each file is one request. */
    public record Page(String title, Optional<String> message, Optional<URI> helpUrl, OptionalLong chunkSize) {
    }

    /**
     * Reads all settings.
     *
     * @param sources in order of precedence; the file that the setting {@code config} names comes last
     * @param defaults override the usual defaults
     * @throws SettingsException with everything that is wrong
     */
    public static Settings read(final List<Source> sources, final Map<Setting, String> defaults)
            throws SettingsException {
        return new SettingsReader(sources, defaults).read();
    }

    /**
     * Reads one path, which need not exist. Arguments as for {@link #read}.
     *
     * @return empty if the setting has no value, or one that is not a path
     */
    public static Optional<Path> path(final Setting setting, final List<Source> sources,
            final Map<Setting, String> defaults) {
        return new SettingsReader(sources, defaults).path(setting);
    }

    /**
     * Reads which origins' pages may upload, though other settings may be wrong.
     *
     * @return empty if none may, or if just that cannot be read
     */
    public static Set<String> corsOrigins(final List<Source> sources) {
        return new SettingsReader(sources, Map.of()).corsOrigins();
    }

    /**
     * Reads a few settings without parsing them, for programs that need no others.
     *
     * @return those that have a value or a default, without white space around it
     * @throws SettingsException if there is something wrong in the file that the setting {@code config} names
     */
    public static Map<Setting, String> texts(final Set<Setting> wanted, final List<Source> sources) throws SettingsException {
        return new SettingsReader(sources, Map.of()).texts(wanted);
    }
}
