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

/**
 * The validated settings of the drop box. Immutable. An empty {@code Optional} means that the feature is off.
 *
 * @param auditLog the file of the audit log, absolute
 */
public record Settings(Storage storage, Limits limits, Access access, Anonymous anonymous, Optional<Path> auditLog, Page page) {

    /**
     * Where and how files are stored.
     *
     * @param uploadBaseDir the directory to which user directories are relative; absolute
     * @param anonymousDir the directory of anonymous uploads
     * @param overwrite whether an upload may replace a file
     * @param autoCreateUserDirs whether missing user directories are created
     * @param tmpSuffix the suffix of files that are still arriving
     * @param fsync whether success means stable storage
     * @param fileMode the permissions of stored files before the umask
     * @param staleAfter the age at which abandoned temporary files are removed
     */
    public record Storage(Path uploadBaseDir, Optional<String> anonymousDir, boolean overwrite,
            boolean autoCreateUserDirs, String tmpSuffix, boolean fsync, Set<PosixFilePermission> fileMode, Duration staleAfter) {
    }

    /**
     * The limits of uploads. Sizes are in bytes.
     *
     * @param freeSpaceReserve space on the file system that uploads may never take
     * @param refusalDrain how long the body of a refused upload is read
     * @param idleTimeout how long the client of an upload may send nothing
     * @param minRate bytes per second that a client must send, averaged over the idle timeout
     */
    public record Limits(long minFileSize, long maxFileSize, long freeSpaceReserve, Duration refusalDrain,
            Duration idleTimeout, long minRate) {
    }

    /**
     * The users and the proxies.
     *
     * @param usersFile the users file, absolute
     * @param trustedProxies the addresses whose {@code X-Forwarded-*} is trusted
     */
    public record Access(Path usersFile, List<AddressBlock> trustedProxies) {
    }

    /**
     * The limits of anonymous uploads. Sizes are in bytes.
     *
     * @param challenge the proof of work that each request requires
     * @param quota for all anonymous files together
     * @param uploadsPerHour files that one address may send per hour
     */
    public record Anonymous(Optional<Challenge> challenge, long maxFileSize, long quota, long uploadsPerHour) {
    }

    /**
     * The proof of work.
     *
     * @param difficulty how many hashes it may take
     * @param key the key that several servers share; empty if each makes its own. Its {@code toString} does not show it
     */
    public record Challenge(long difficulty, Optional<SecretKey> key) {
    }

    /**
     * The texts and limits of the upload page.
     *
     * @param message a sentence for visitors
     * @param helpUrl the target of the help link
     * @param chunkSize bytes per request; empty if each file is sent in one
     */
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
     * Reads a few settings without parsing them, for programs that need no others.
     *
     * @return those that have a value or a default, without white space around it
     * @throws SettingsException if there is something wrong in the file that the setting {@code config} names
     */
    public static Map<Setting, String> texts(final Set<Setting> wanted, final List<Source> sources) throws SettingsException {
        return new SettingsReader(sources, Map.of()).texts(wanted);
    }
}
