package org.dropzonebackup.core.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.dropzonebackup.core.config.SettingsException.Problem;
import org.dropzonebackup.core.units.ByteSize;
import org.dropzonebackup.core.units.DurationText;

/** Reads the settings once. */
final class SettingsReader {

    private static final Set<String> NAMES = Set.of("upload-base-dir", "users-file", "anonymous-dir", "max-file-size",
            "overwrite", "auto-create-user-dirs", "tmp-suffix", "free-space-reserve", "fsync", "stale-after",
            "refusal-drain", "trusted-proxies");

    private final List<Source> sources;
    private final List<Problem> problems = new ArrayList<>();

    SettingsReader(final List<Source> sources) {
        this.sources = new ArrayList<>(sources);
    }

    Settings read() throws SettingsException {
        setting("config", SettingsReader::path).ifPresent(this::addFile);
        final Optional<Path> base = required("upload-base-dir", SettingsReader::path);
        base.ifPresent(this::checkDirectory);
        final Optional<Path> users = required("users-file", SettingsReader::path);
        final Settings.Limits limits = new Settings.Limits(
                setting("max-file-size", ByteSize::parse).orElse(new ByteSize(1L << 40)).bytes(),
                setting("free-space-reserve", ByteSize::parse).orElse(new ByteSize(1L << 30)).bytes(),
                setting("refusal-drain", DurationText::parse).orElseGet(() -> DurationText.parse("10 s")));
        final Optional<String> anonymous = setting("anonymous-dir", SettingsReader::relativeOrAbsolute);
        final boolean overwrite = setting("overwrite", SettingsReader::flag).orElse(false);
        final boolean create = setting("auto-create-user-dirs", SettingsReader::flag).orElse(false);
        final String suffix = setting("tmp-suffix", SettingsReader::suffix).orElse(".~tmp");
        final boolean fsync = setting("fsync", SettingsReader::flag).orElse(true);
        final Duration stale = setting("stale-after", DurationText::parse).orElseGet(() -> DurationText.parse("7 d"));
        final List<AddressBlock> proxies = setting("trusted-proxies", SettingsReader::blocks).orElse(List.of());
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Settings(
                new Settings.Storage(base.orElseThrow(), anonymous, overwrite, create, suffix, fsync, stale),
                limits, new Settings.Access(users.orElseThrow(), proxies));
    }

    private <T> Optional<T> setting(final String name, final Function<String, T> parser) {
        for (final Source source : sources) {
            final Optional<String> text = source.get(name);
            if (text.isPresent()) {
                try {
                    return Optional.of(parser.apply(text.get().strip()));
                } catch (final IllegalArgumentException e) {
                    problem(source.describe().apply(name) + ": " + e.getMessage(), true);
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private <T> Optional<T> required(final String name, final Function<String, T> parser) {
        final int before = problems.size();
        final Optional<T> value = setting(name, parser);
        if (value.isEmpty() && problems.size() == before) {
            problem("the setting " + name + " is required and not given", true);
        }
        return value;
    }

    private void problem(final String sentence, final boolean unreadable) {
        problems.add(new Problem(sentence, unreadable));
    }

    private void addFile(final Path file) {
        final Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (final IOException | IllegalArgumentException e) {
            problem("the settings file " + file + " cannot be read: " + e, false);
        }
        lines.stringPropertyNames().stream().sorted().filter(name -> !NAMES.contains(name))
                .forEach(name -> problem(file + ": there is no setting '" + name + "'", true));
        sources.add(new Source(name -> file + ": " + name, lines::getProperty));
    }

    private void checkDirectory(final Path directory) {
        if (!Files.isDirectory(directory)) {
            problem("upload-base-dir: there is no directory " + directory + "; create it first", false);
        } else if (!Files.isWritable(directory)) {
            problem("upload-base-dir: " + directory + " is not writable for user " + System.getProperty("user.name"), false);
        }
    }

    private static Path path(final String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (final InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    private static String relativeOrAbsolute(final String text) {
        path(text);
        if (Arrays.asList(text.split("[/\\\\]")).contains("..")) {
            throw new IllegalArgumentException("'" + text + "' must not contain '..'");
        }
        return text;
    }

    private static boolean flag(final String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static String suffix(final String text) {
        if (text.length() > 32 || text.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a suffix: at most 32 characters, no separators or control characters");
        }
        return text;
    }

    private static List<AddressBlock> blocks(final String text) {
        return Arrays.stream(text.split(",")).map(AddressBlock::parse).toList();
    }
}
