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
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * The settings of the drop box, read and checked. Immutable.
 *
 * @param storage where and how files are kept
 * @param limits what uploads may do
 * @param access who is asked and believed
 * @param anonymous what anonymous uploads may do, if there are any
 * @param auditLog the file of the audit log; absolute; none: it is off
 * @param page what the upload page says
 */
public record Settings(Storage storage, Limits limits, Access access, Anonymous anonymous, Optional<Path> auditLog, Page page) {

    /**
     * @param uploadBaseDir below which relative user directories lie; absolute
     * @param anonymousDir where anonymous uploads go; none: they are off
     * @param overwrite whether an upload may replace a file
     * @param autoCreateUserDirs whether missing user directories are created
     * @param tmpSuffix suffix of files that are still arriving
     * @param fsync whether success means stable storage
     * @param fileMode permissions of stored files, from which the umask takes
     * @param staleAfter age at which abandoned files are swept
     */
    public record Storage(Path uploadBaseDir, Optional<String> anonymousDir, boolean overwrite,
            boolean autoCreateUserDirs, String tmpSuffix, boolean fsync, Set<PosixFilePermission> fileMode, Duration staleAfter) {
    }

    /**
     * @param minFileSize bytes that a file has to have
     * @param maxFileSize bytes that a file may have
     * @param freeSpaceReserve bytes of a file system that uploads may never take
     * @param refusalDrain how long the body of a refused upload is read
     * @param idleTimeout how long the client of an upload may send nothing
     * @param minRate bytes a second that have to come on average over that time
     */
    public record Limits(long minFileSize, long maxFileSize, long freeSpaceReserve, Duration refusalDrain,
            Duration idleTimeout, long minRate) {
    }

    /**
     * @param usersFile the shared users file; absolute
     * @param trustedProxies whose {@code X-Forwarded-*} is believed
     */
    public record Access(Path usersFile, List<AddressBlock> trustedProxies) {
    }

    /**
     * @param challenge how hard a proof of work they take; none: they take none
     * @param maxFileSize bytes that a file may have
     * @param quota bytes that all files may have together
     * @param uploadsPerHour files that one address may send
     */
    public record Anonymous(Optional<Challenge> challenge, long maxFileSize, long quota, long uploadsPerHour) {
    }

    /**
     * @param difficulty how many hashes it may take
     * @param key that servers share, in letters that nothing prints; none: each makes its own
     */
    public record Challenge(long difficulty, Optional<SecretKey> key) {
    }

    /**
     * @param title of the page
     * @param message for whoever opens it
     * @param helpUrl where its help link leads
     * @param chunkSize bytes that it sends in one request; none: as many as a file has
     */
    public record Page(String title, Optional<String> message, Optional<URI> helpUrl, OptionalLong chunkSize) {
    }

    /**
     * Reads all settings.
     *
     * @param sources the first that gives a setting decides; the file that the setting {@code config} names comes last
     * @param defaults where they are others than the usual ones
     * @throws SettingsException with all that is wrong
     */
    public static Settings read(final List<Source> sources, final Map<Setting, String> defaults)
            throws SettingsException {
        return new SettingsReader(sources, defaults).read();
    }

    /**
     * The path that one setting names, whether or not there is anything; nothing if it names none that can be read.
     *
     * @param sources as for {@link #read}
     * @param defaults as for {@link #read}
     */
    public static Optional<Path> path(final Setting setting, final List<Source> sources,
            final Map<Setting, String> defaults) {
        return new SettingsReader(sources, defaults).path(setting);
    }

    /**
     * A few settings as they are written, for a program that needs no others.
     *
     * @param sources as for {@link #read}
     * @return those that are given or have a default, without blanks around them
     * @throws SettingsException if the file that the setting {@code config} names is wrong
     */
    public static Map<Setting, String> texts(final Set<Setting> wanted, final List<Source> sources) throws SettingsException {
        return new SettingsReader(sources, Map.of()).texts(wanted);
    }
}
