package org.dropzonebackup.core.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.config.Source.Given;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.PropertyLine;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;

/** Reads the settings once. */
final class SettingsReader {

    private static final Set<String> KEYS = Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet());
    private static final int SHORTEST_KEY = 32;
    private static final ByteSize SMALLEST_CHUNK = ByteSize.parse("64 KiB");

    private final List<Source> sources;
    private final Map<Setting, String> defaults;
    private final List<Problem> problems = new ArrayList<>();
    /** Keys of settings whose lines in the file cannot be read. */
    private final Set<String> misread = new HashSet<>();
    /** Whether there may be any setting in the file, which cannot be read. */
    private boolean isFileUnread;

    SettingsReader(final List<Source> sources, final Map<Setting, String> defaults) {
        this.sources = new ArrayList<>(sources);
        this.defaults = defaults;
        optional(Setting.CONFIG, SettingsReader::parsePath).ifPresent(this::addFile);
    }

    Settings read() throws SettingsException {
        final Optional<Path> base = required(Setting.UPLOAD_BASE_DIR, SettingsReader::parsePath);
        base.ifPresent(directory -> checkDirectory(Setting.UPLOAD_BASE_DIR, directory));
        final Optional<Path> users = required(Setting.USERS_FILE, SettingsReader::parsePath);
        final Optional<String> anonymous = optional(Setting.ANONYMOUS_DIR, SettingsReader::parseRelativeOrAbsolute);
        final Optional<Boolean> overwrite = required(Setting.OVERWRITE, SettingsReader::parseSwitch);
        final Optional<Boolean> create = required(Setting.AUTO_CREATE_USER_DIRS, SettingsReader::parseSwitch);
        if (base.filter(Files::isDirectory).isPresent() && !create.orElse(true)) {
            anonymous.ifPresent(directory -> checkDirectory(Setting.ANONYMOUS_DIR, base.get().resolve(directory)));
        }
        final Optional<Boolean> challenge = required(Setting.ANONYMOUS_CHALLENGE, SettingsReader::parseOnOff);
        final Optional<Long> difficulty = required(Setting.CHALLENGE_DIFFICULTY, SettingsReader::parseCount);
        final Optional<SecretKey> key = optional(Setting.CHALLENGE_KEY, SettingsReader::parseKey);
        final Optional<ByteSize> anonymousLargest = required(Setting.ANONYMOUS_MAX_FILE_SIZE, ByteSize::parse);
        final Optional<ByteSize> anonymousQuota = required(Setting.ANONYMOUS_QUOTA, ByteSize::parse);
        final Optional<Long> anonymousUploads = required(Setting.ANONYMOUS_UPLOADS_PER_HOUR, SettingsReader::parseCount);
        final Optional<String> suffix = required(Setting.TMP_SUFFIX, SettingsReader::parseSuffix);
        final Optional<Boolean> fsync = required(Setting.FSYNC, SettingsReader::parseSwitch);
        final Optional<Set<PosixFilePermission>> mode = required(Setting.FILE_MODE, SettingsReader::parseMode);
        final Optional<Duration> stale = required(Setting.STALE_AFTER, DurationText::parse);
        final Optional<ByteSize> largest = required(Setting.MAX_FILE_SIZE, ByteSize::parse);
        final Optional<ByteSize> smallest = required(Setting.MIN_FILE_SIZE, ByteSize::parse);
        checkNotLarger(Setting.MIN_FILE_SIZE, smallest, Setting.MAX_FILE_SIZE, largest);
        final Optional<ByteSize> reserve = required(Setting.FREE_SPACE_RESERVE, ByteSize::parse);
        final Optional<Duration> drain = required(Setting.REFUSAL_DRAIN, DurationText::parse);
        final Optional<Duration> idle = required(Setting.IDLE_TIMEOUT, DurationText::parse);
        final Optional<ByteSize> rate = required(Setting.MIN_RATE, ByteSize::parse);
        final Optional<List<AddressBlock>> proxies = optional(Setting.TRUSTED_PROXIES, SettingsReader::parseBlocks);
        final Optional<Path> audit = optional(Setting.AUDIT_LOG, SettingsReader::parsePath);
        audit.ifPresent(file -> checkAppendable(Setting.AUDIT_LOG, file));
        final Optional<String> title = required(Setting.PAGE_TITLE, text -> text);
        final Optional<String> message = optional(Setting.PAGE_MESSAGE, text -> text);
        final Optional<URI> help = optional(Setting.PAGE_HELP_URL, SettingsReader::parseLink);
        final OptionalLong chunk = optional(Setting.PAGE_CHUNK_SIZE, SettingsReader::parseChunkSize).stream()
                .mapToLong(ByteSize::bytes).findFirst();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Settings(
                new Settings.Storage(base.orElseThrow(), anonymous, overwrite.orElseThrow(), create.orElseThrow(),
                        suffix.orElseThrow(), fsync.orElseThrow(), mode.orElseThrow(), stale.orElseThrow()),
                new Settings.Limits(smallest.orElseThrow().bytes(), largest.orElseThrow().bytes(), reserve.orElseThrow().bytes(),
                        drain.orElseThrow(), idle.orElseThrow(), rate.orElseThrow().bytes()),
                new Settings.Access(users.orElseThrow(), proxies.orElse(List.of())),
                new Settings.Anonymous(
                        challenge.orElseThrow() ? Optional.of(new Settings.Challenge(difficulty.orElseThrow(), key))
                                : Optional.empty(),
                        anonymousLargest.orElseThrow().bytes(), anonymousQuota.orElseThrow().bytes(),
                        anonymousUploads.orElseThrow()),
                audit,
                new Settings.Page(title.orElseThrow(), message, help, chunk));
    }

    Optional<Path> path(final Setting setting) {
        return optional(setting, SettingsReader::parsePath);
    }

    Map<Setting, String> texts(final Set<Setting> wanted) throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        final Map<Setting, String> texts = new EnumMap<>(Setting.class);
        wanted.forEach(setting -> given(setting).ifPresent(given -> texts.put(setting, given.text())));
        return texts;
    }

    private Optional<Given> given(final Setting setting) {
        return sources.stream().flatMap(source -> source.get(setting).stream()).findFirst()
                .or(() -> Optional.of(defaults.getOrDefault(setting, setting.defaultText()))
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Given(text, "default of " + setting.key())));
    }

    private <T> Optional<T> optional(final Setting setting, final Function<String, T> parser) {
        return given(setting).flatMap(given -> {
            try {
                return Optional.of(parser.apply(given.text()));
            } catch (final IllegalArgumentException e) {
                problems.add(new Problem(given.where() + ": " + e.getMessage(), true));
                return Optional.empty();
            }
        });
    }

    private <T> Optional<T> required(final Setting setting, final Function<String, T> parser) {
        if (given(setting).isEmpty() && !isFileUnread && !misread.contains(setting.key())) {
            problems.add(new Problem("the setting " + setting.key() + " is required and not given", true));
        }
        return optional(setting, parser);
    }

    private void addFile(final Path file) {
        final Map<String, String> lines = new HashMap<>();
        try {
            for (final PropertyLine line : PropertyLine.split(TextFile.read(file))) {
                line.entry().ifPresent(entry -> add(line, entry, lines, file + ", line " + line.number() + ": "));
            }
        } catch (final IOException e) {
            isFileUnread = true;
            problems.add(new Problem(given(Setting.CONFIG).orElseThrow().where() + ": the file " + file
                    + " cannot be read: " + FileFault.describe(e), false));
        }
        sources.add(new Source(key -> file + ": " + key, lines::get));
    }

    private void add(final PropertyLine line, final PropertyLine.Entry entry, final Map<String, String> lines,
            final String where) {
        if (!KEYS.contains(entry.key())) {
            problems.add(new Problem(where + "there is no setting '" + entry.key() + "'", true));
        } else if (line.continuations().stream().anyMatch(SettingsReader::isAnother)) {
            misread(where + entry.key() + ": " + PropertyLine.NO_END, entry.key());
        } else if (entry.value().isEmpty()) {
            misread(where + entry.key() + ": " + PropertyLine.BACKSLASH, entry.key());
        } else {
            lines.put(entry.key(), entry.value().get());
        }
    }

    private void misread(final String sentence, final String key) {
        problems.add(new Problem(sentence, true));
        misread.add(key);
    }

    private static boolean isAnother(final String line) {
        return KEYS.contains(line.strip().split("[=:\\s]", 2)[0]);
    }

    private void checkDirectory(final Setting setting, final Path directory) {
        final String where = given(setting).orElseThrow().where();
        if (!Files.isDirectory(directory)) {
            problems.add(new Problem(where + ": there is no directory " + directory + "; create it first", false));
        } else if (!Files.isWritable(directory)) {
            problems.add(new Problem(where + ": " + directory + " is not writable for user "
                    + System.getProperty("user.name"), false));
        }
    }

    private void checkNotLarger(final Setting small, final Optional<ByteSize> smaller, final Setting large,
            final Optional<ByteSize> larger) {
        if (smaller.isPresent() && larger.isPresent() && smaller.get().bytes() > larger.get().bytes()) {
            problems.add(new Problem(given(small).orElseThrow().where() + ": " + smaller.get() + " is more than the "
                    + large.key() + " of " + larger.get() + ", so that no file could be stored", true));
        }
    }

    private void checkAppendable(final Setting setting, final Path file) {
        if (!Files.exists(file)) {
            checkDirectory(setting, file.getParent());
        } else if (Files.isDirectory(file) || !Files.isWritable(file)) {
            problems.add(new Problem(given(setting).orElseThrow().where() + ": " + file + " is not a file that user "
                    + System.getProperty("user.name") + " can write", false));
        }
    }

    private static Path parsePath(final String text) {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (final InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    private static String parseRelativeOrAbsolute(final String text) {
        parsePath(text);
        if (Arrays.asList(text.split("[/\\\\]")).contains("..")) {
            throw new IllegalArgumentException("'" + text + "' must not contain '..'");
        }
        return text;
    }

    private static boolean parseSwitch(final String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static boolean parseOnOff(final String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither on nor off");
        };
    }

    private static long parseCount(final String text) {
        if (!text.matches("[1-9]\\d{0,9}")) {
            throw new IllegalArgumentException("'" + text + "' is not a number from 1 to 9999999999");
        }
        return Long.parseLong(text);
    }

    /** What is wrong with it is said without it. */
    private static SecretKey parseKey(final String text) {
        if (text.length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("a key has at least " + SHORTEST_KEY + " characters, such as 'openssl rand"
                    + " -hex 32' gives");
        }
        return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    private static String parseSuffix(final String text) {
        if (text.length() > 32 || text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a suffix: at most 32 characters, no separators or control characters");
        }
        return text;
    }

    /** The server itself has to read and write them, and nobody to run them. */
    private static Set<PosixFilePermission> parseMode(final String text) {
        if (!text.matches("0?6[0246][0246]")) {
            throw new IllegalArgumentException("'" + text + "' are not permissions of a stored file: three octal digits, the"
                    + " first a 6, the others 0, 2, 4 or 6, such as 0640");
        }
        final StringBuilder letters = new StringBuilder();
        text.substring(text.length() - 3).chars().map(digit -> digit - '0')
                .forEach(bits -> letters.append((bits & 4) == 0 ? '-' : 'r').append((bits & 2) == 0 ? '-' : 'w').append('-'));
        return PosixFilePermissions.fromString(letters.toString());
    }

    private static List<AddressBlock> parseBlocks(final String text) {
        return Arrays.stream(text.split(",")).map(AddressBlock::parse).toList();
    }

    /** Smaller ones would be requests more than bytes. */
    private static ByteSize parseChunkSize(final String text) {
        final ByteSize size = ByteSize.parse(text);
        if (size.bytes() < SMALLEST_CHUNK.bytes()) {
            throw new IllegalArgumentException("'" + text + "' is too small for a chunk: 64 KiB or more");
        }
        return size;
    }

    /** A script would be a link too. */
    private static URI parseLink(final String text) {
        final URI link = URI.create(text);
        if (link.getScheme() == null || !Set.of("http", "https", "mailto").contains(link.getScheme())) {
            throw new IllegalArgumentException("'" + text + "' is not a link: http, https or mailto");
        }
        return link;
    }
}
