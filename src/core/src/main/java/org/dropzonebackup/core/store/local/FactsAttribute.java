package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.store.FileFacts;

/** The facts of a file in an extended attribute of it; see the package. */
final class FactsAttribute {

    private static final System.Logger LOG = System.getLogger(FactsAttribute.class.getName());
    private static final String NAME = "dropzone";
    private static final int PARTS = 4;
    private static final int RADIX = 36;

    private FactsAttribute() {
    }

    /**
     * Writes it, unless the file system has no such attributes or no room for one: it is a help and no part of the content.
     *
     * @param attributes of the file after its last byte
     */
    static void write(final Path file, final BasicFileAttributes attributes, final FileFacts facts) {
        final UserDefinedFileAttributeView view = view(file);
        if (view == null) {
            return;
        }
        try {
            view.write(NAME, StandardCharsets.UTF_8.encode(text(attributes, facts)));
        } catch (final IOException e) {
            LOG.log(Level.DEBUG, "no facts are kept of a file", e);
        }
    }

    /**
     * Reads it.
     *
     * @param attributes of the file as it is now
     * @return none if there is none, or if it tells of other bytes than there are now
     */
    static Optional<FileFacts> read(final Path file, final BasicFileAttributes attributes) {
        final UserDefinedFileAttributeView view = view(file);
        if (view == null) {
            return Optional.empty();
        }
        try {
            final ByteBuffer bytes = ByteBuffer.allocate(view.size(NAME));
            view.read(NAME, bytes);
            return parse(StandardCharsets.UTF_8.decode(bytes.flip()).toString(), attributes);
        } catch (final IOException | IllegalArgumentException none) {
            LOG.log(Level.DEBUG, "no facts are known of a file", none);
            return Optional.empty();
        }
    }

    private static UserDefinedFileAttributeView view(final Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String text(final BasicFileAttributes attributes, final FileFacts facts) {
        return String.join(" ", Base64.getUrlEncoder().withoutPadding().encodeToString(HexFormat.of().parseHex(facts.sha256())),
                Long.toString(facts.size(), RADIX), changed(attributes), facts.user().orElse(""));
    }

    private static String changed(final BasicFileAttributes attributes) {
        return Long.toString(attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS), RADIX);
    }

    private static Optional<FileFacts> parse(final String text, final BasicFileAttributes attributes) {
        final String[] parts = text.split(" ", PARTS);
        if (parts.length != PARTS || Long.parseLong(parts[1], RADIX) != attributes.size() || !parts[2].equals(changed(attributes))) {
            return Optional.empty();
        }
        return Optional.of(new FileFacts(attributes.size(), HexFormat.of().formatHex(Base64.getUrlDecoder().decode(parts[0])),
                Optional.of(parts[3]).filter(user -> !user.isEmpty())));
    }
}
