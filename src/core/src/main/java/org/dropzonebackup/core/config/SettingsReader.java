package org.dropzonebackup.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.config.Source.Value;
import org.dropzonebackup.core.events.EventType;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.PropertyLine;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.policy.Existing;
import org.dropzonebackup.core.policy.KeepRule;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;

/** Reads the settings, collecting all problems. To be used once. */
final class SettingsReader {

    private static final Set<String> KEYS = Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet());

    private final List<Source> sources;
    private final Map<Setting, String> defaults;
    private final List<Problem> problems = new ArrayList<>();
    /** Settings that the file may contain, though they could not be read from it. */
    private final Set<String> unreadable = new HashSet<>();

    SettingsReader(final List<Source> sources, final Map<Setting, String> defaults) {
        this.sources = new ArrayList<>(sources);
        this.defaults = defaults;
        optional(Setting.CONFIG, SettingValues::parsePath).ifPresent(this::addFile);
    }

    Settings read() throws SettingsException {
        final Optional<Path> base = given(Setting.UPLOAD_BASE_DIR, SettingValues::parsePath);
        final Optional<Boolean> create = given(Setting.AUTO_CREATE_USER_DIRS, SettingValues::parseSwitch);
        final Settings settings = new Settings(
                new Settings.Storage(base.orElse(Path.of("")),
                        optional(Setting.ANONYMOUS_DIR, SettingValues::parseRelativeOrAbsolute),
                        existing(), required(Setting.SUBDIRECTORIES, SettingValues::parseSwitch), create.orElse(true),
                        required(Setting.TMP_SUFFIX, SettingValues::parseSuffix),
                        required(Setting.FSYNC, SettingValues::parseSwitch),
                        required(Setting.FILE_MODE, SettingValues::parseMode),
                        required(Setting.STALE_AFTER, DurationText::parse)),
                new Settings.Retention(optional(Setting.KEEP_FOR, KeepRule::parseKeepFor),
                        required(Setting.KEEP_AT_LEAST, KeepRule::parseAtLeast)),
                new Settings.Limits(bytes(Setting.MIN_FILE_SIZE), bytes(Setting.MAX_FILE_SIZE),
                        bytes(Setting.FREE_SPACE_RESERVE), required(Setting.REFUSAL_DRAIN, DurationText::parse),
                        required(Setting.IDLE_TIMEOUT, DurationText::parse), bytes(Setting.MIN_RATE)),
                new Settings.Access(required(Setting.USERS_FILE, SettingValues::parsePath),
                        optional(Setting.TRUSTED_PROXIES, SettingValues::parseBlocks).orElse(List.of()),
                        corsOrigins()),
                new Settings.Anonymous(challenge(), bytes(Setting.ANONYMOUS_MAX_FILE_SIZE), bytes(Setting.ANONYMOUS_QUOTA),
                        required(Setting.ANONYMOUS_UPLOADS_PER_HOUR, SettingValues::parseCount)),
                optional(Setting.AUDIT_LOG, SettingValues::parsePath),
                optional(Setting.METRICS_TOKEN, SettingValues::parseToken),
                new Settings.Signing(optional(Setting.SIGNING_KEY, SettingValues::parsePath), optional(Setting.SERVER_NAME, text -> text)),
                optional(Setting.SCRUB_EVERY, SettingValues::parseScrubEvery),
                new Settings.Events(optional(Setting.WEBHOOK_URL, SettingValues::parseWebhooks).orElse(List.of()),
                        optional(Setting.WEBHOOK_SECRET, SettingValues::parseWebhookSecret),
                        optional(Setting.WEBHOOK_EVENTS, EventType::parse).orElse(EnumSet.allOf(EventType.class)),
                        optional(Setting.ON_EVENT, SettingValues::parsePath)),
                new Settings.Page(required(Setting.PAGE_TITLE, text -> text), optional(Setting.PAGE_MESSAGE, text -> text),
                        optional(Setting.PAGE_HELP_URL, SettingValues::parseLink),
                        optional(Setting.PAGE_CHUNK_SIZE, SettingValues::parseChunkSize).stream()
                                .mapToLong(ByteSize::bytes).findFirst()));
        base.ifPresent(directory -> checkDirectories(directory, settings.storage()));
        settings.auditLog().ifPresent(this::checkAppendable);
        settings.signing().key().ifPresent(file -> checkDirectory(Setting.SIGNING_KEY, file.getParent()));
        checkEvents(settings.events());
        checkSizes(settings.limits());
        requireNoProblems();
        return settings;
    }

    private void checkEvents(final Settings.Events events) {
        if (!events.webhooks().isEmpty() && events.secret().isEmpty() && value(Setting.WEBHOOK_SECRET).isEmpty()) {
            problems.add(new Problem(location(Setting.WEBHOOK_URL) + ": receivers cannot tell who speaks to them without "
                    + Setting.WEBHOOK_SECRET.key() + ": whsec_ and what 'openssl rand -base64 32' gives", true));
        }
        events.program().filter(program -> !Files.isRegularFile(program) || !Files.isExecutable(program)).ifPresent(program ->
                problems.add(new Problem(location(Setting.ON_EVENT) + ": " + program + " is not a file that can be executed", false)));
    }

    /** The older setting {@code overwrite} means the same as two of the values, and must not contradict. */
    private Existing existing() {
        final Optional<Existing> older = optional(Setting.OVERWRITE, SettingValues::parseSwitch)
                .map(overwrite -> overwrite ? Existing.REPLACE : Existing.REFUSE);
        final Optional<Existing> newer = sources.stream().anyMatch(source -> source.get(Setting.EXISTING).isPresent())
                ? optional(Setting.EXISTING, Existing::parse) : older;
        if (older.isPresent() && newer.isPresent() && !older.equals(newer)) {
            problems.add(new Problem(location(Setting.OVERWRITE) + ": means " + Setting.EXISTING.key() + " = " + older.get()
                    + ", but " + location(Setting.EXISTING) + " is " + newer.get() + ": remove one of them", true));
        }
        return newer.orElseGet(() -> Existing.parse(Setting.EXISTING.defaultText()));
    }

    private Optional<Settings.Challenge> challenge() {
        final Settings.Challenge challenge = new Settings.Challenge(
                required(Setting.CHALLENGE_DIFFICULTY, SettingValues::parseCount),
                optional(Setting.CHALLENGE_KEY, SettingValues::parseKey));
        return required(Setting.ANONYMOUS_CHALLENGE, SettingValues::parseOnOff) ? Optional.of(challenge) : Optional.empty();
    }

    Set<String> corsOrigins() {
        return optional(Setting.CORS_ORIGINS, Origins::parse).orElse(Set.of());
    }

    Optional<Path> path(final Setting setting) {
        return optional(setting, SettingValues::parsePath);
    }

    Map<Setting, String> texts(final Set<Setting> wanted) throws SettingsException {
        requireNoProblems();
        final Map<Setting, String> texts = new EnumMap<>(Setting.class);
        wanted.forEach(setting -> value(setting).ifPresent(value -> texts.put(setting, value.text())));
        return texts;
    }

    private void requireNoProblems() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private Optional<Value> value(final Setting setting) {
        return sources.stream().flatMap(source -> source.get(setting).stream()).findFirst()
                .or(() -> Optional.of(defaults.getOrDefault(setting, setting.defaultText()))
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Value(text, "default of " + setting.key())));
    }

    private <T> Optional<T> optional(final Setting setting, final Function<String, T> parser) {
        return value(setting).flatMap(value -> {
            try {
                return Optional.of(parser.apply(value.text()));
            } catch (final IllegalArgumentException e) {
                problems.add(new Problem(value.location() + ": " + e.getMessage(), true));
                return Optional.empty();
            }
        });
    }

    private <T> Optional<T> given(final Setting setting, final Function<String, T> parser) {
        if (value(setting).isEmpty() && !unreadable.contains(setting.key())) {
            problems.add(new Problem("the setting " + setting.key() + " is required and not given", true));
        }
        return optional(setting, parser);
    }

    /** Returns the default in place of a value that is missing or wrong; it is never used, as the problem is thrown. */
    private <T> T required(final Setting setting, final Function<String, T> parser) {
        return given(setting, parser).orElseGet(() -> parser.apply(setting.defaultText()));
    }

    private long bytes(final Setting setting) {
        return required(setting, ByteSize::parse).bytes();
    }

    private void addFile(final Path file) {
        final Map<String, String> values = new HashMap<>();
        try {
            for (final PropertyLine line : PropertyLine.split(TextFile.read(file))) {
                line.entry().ifPresent(entry -> add(line, entry, values, file + ", line " + line.number() + ": "));
            }
        } catch (final IOException e) {
            unreadable.addAll(KEYS);
            problems.add(new Problem(location(Setting.CONFIG) + ": the file " + file
                    + " cannot be read: " + FileFault.describe(e), false));
        }
        sources.add(new Source(key -> file + ": " + key, values::get));
    }

    private void add(final PropertyLine line, final PropertyLine.Entry entry, final Map<String, String> values,
            final String location) {
        if (!KEYS.contains(entry.key())) {
            problems.add(new Problem(location + "there is no setting '" + entry.key() + "'", true));
            return;
        }
        try {
            line.checkEnd(next -> KEYS.contains(next.strip().split("[=:\\s]", 2)[0]));
            values.put(entry.key(), entry.requireValue());
        } catch (final IllegalArgumentException e) {
            problems.add(new Problem(location + entry.key() + ": " + e.getMessage(), true));
            unreadable.add(entry.key());
        }
    }

    private void checkDirectories(final Path base, final Settings.Storage storage) {
        checkDirectory(Setting.UPLOAD_BASE_DIR, base);
        if (Files.isDirectory(base) && !storage.autoCreateUserDirs()) {
            storage.anonymousDir().ifPresent(directory -> checkDirectory(Setting.ANONYMOUS_DIR, base.resolve(directory)));
        }
    }

    private void checkSizes(final Settings.Limits limits) {
        if (limits.minFileSize() > limits.maxFileSize()) {
            problems.add(new Problem(location(Setting.MIN_FILE_SIZE) + ": " + new ByteSize(limits.minFileSize())
                    + " is more than the " + Setting.MAX_FILE_SIZE.key() + " of " + new ByteSize(limits.maxFileSize())
                    + ", so that no file could be stored", true));
        }
    }

    private String location(final Setting setting) {
        return value(setting).orElseThrow().location();
    }

    private void checkDirectory(final Setting setting, final Path directory) {
        if (!Files.isDirectory(directory)) {
            problems.add(new Problem(location(setting) + ": there is no directory " + directory + "; create it first", false));
        } else if (!Files.isWritable(directory)) {
            problems.add(new Problem(location(setting) + ": " + directory + " is not writable for user "
                    + System.getProperty("user.name"), false));
        }
    }

    private void checkAppendable(final Path file) {
        if (!Files.exists(file)) {
            checkDirectory(Setting.AUDIT_LOG, file.getParent());
        } else if (Files.isDirectory(file) || !Files.isWritable(file)) {
            problems.add(new Problem(location(Setting.AUDIT_LOG) + ": " + file + " is not a file that user "
                    + System.getProperty("user.name") + " can write", false));
        }
    }
}
