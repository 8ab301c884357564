package org.dropzonebackup.core.signing;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.files.FileSnapshot;
import org.dropzonebackup.core.files.LockedFile;
import org.dropzonebackup.core.files.OwnDirectories;
import org.dropzonebackup.core.files.TextFile;
import org.dropzonebackup.core.log.FaultLog;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * The keys in a file, as it is now: the one that signs, and older ones. The file is made when it is first needed. If it cannot be
 * read later, the last good version stays in force. Safe for threads.
 */
public final class SigningKeys {

    /** Where the file is below the base directory, if nothing else is said. */
    public static final String DEFAULT = OwnDirectories.MEMORY + "/signing-key.jwks";

    private static final FaultLog FAULTS = new FaultLog(System.getLogger(SigningKeys.class.getName()));
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Characters; what claims to be a signed text and is longer is none of ours. */
    private static final int LONGEST = 64 * 1024;
    private static final int LONGEST_HEADER = 512;
    /** Java has one string for a literal, so that this is the same object for all web applications of the process. */
    private static final String ONE_EDIT_IN_A_PROCESS = "org.dropzonebackup.core.signing: an edit of a file with keys";
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;
    private final Clock clock;
    private volatile Version version;
    private volatile Instant nextLook = Instant.MIN;

    /** What the file has; the first key signs. */
    private record Version(List<SigningKey> keys, FileSnapshot snapshot) {
    }

    /**
     * @param file with the keys; made, for its owner alone, if it is missing
     * @param clock the system's but in tests
     */
    public SigningKeys(final Path file, final Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Signs claims.
     *
     * @return the compact form; none if there is no key, and the log says why
     */
    public Optional<String> sign(final JSONObject claims) {
        return keys().stream().findFirst().map(key -> {
            final String content = encoded(new JSONObject().put("alg", "EdDSA").put("kid", key.id())) + "." + encoded(claims);
            return content + "." + encoded(key.sign(content.getBytes(StandardCharsets.US_ASCII)));
        });
    }

    /**
     * Verifies what one of the keys has signed, today's or an older one.
     *
     * @param signed the compact form, from anywhere
     * @return the claims; none if none of the keys has signed them
     */
    public Optional<JSONObject> verify(final String signed) {
        final int header = signed.indexOf('.');
        final int signature = signed.lastIndexOf('.');
        if (signed.length() > LONGEST || header < 0 || header > LONGEST_HEADER || signature <= header) {
            return Optional.empty();
        }
        try {
            final JSONObject said = decoded(signed.substring(0, header));
            // All that is accepted is what is made here, whatever else the header says
            if (!said.getString("alg").equals("EdDSA") || said.has("crit")) {
                return Optional.empty();
            }
            final byte[] content = signed.substring(0, signature).getBytes(StandardCharsets.US_ASCII);
            final byte[] bytes = Base64.getUrlDecoder().decode(signed.substring(signature + 1));
            final boolean ours = keys().stream().anyMatch(key -> key.id().equals(said.getString("kid")) && key.verifies(content, bytes));
            return ours ? Optional.of(decoded(signed.substring(header + 1, signature))) : Optional.empty();
        } catch (final IllegalArgumentException | JSONException malformed) {
            return Optional.empty();
        }
    }

    /** The public parts of all keys, as a JWK Set; none if there is no key, and the log says why. */
    public Optional<String> publicKeys() {
        return Optional.of(keys()).filter(keys -> !keys.isEmpty()).map(SigningKeys::publicSet);
    }

    /**
     * The same of what a file has.
     *
     * @throws IllegalArgumentException if that is no set of keys, the first of which signs
     */
    public static String publicKeys(final String text) {
        return publicSet(parse(text));
    }

    private static String publicSet(final List<SigningKey> keys) {
        return set(keys.stream().map(SigningKey::withoutPrivatePart).toList());
    }

    /**
     * Begins a new key. What the older ones have signed can still be verified.
     *
     * @throws IOException if the file cannot be read or replaced; it is as it was then
     * @throws IllegalArgumentException if what is in the file is no set of keys
     */
    public void rotate() throws IOException {
        edit(keys -> {
            final List<SigningKey> all = new ArrayList<>();
            all.add(SigningKey.generate());
            keys.forEach(key -> all.add(key.withoutPrivatePart()));
            return all;
        });
        nextLook = Instant.MIN;
    }

    private interface Edit {
        List<SigningKey> apply(List<SigningKey> keys);
    }

    private void edit(final Edit edit) throws IOException {
        synchronized (ONE_EDIT_IN_A_PROCESS) {
            try (LockedFile locked = LockedFile.open(file)) {
                final String before = locked.read();
                final List<SigningKey> keys = before.isEmpty() ? List.of() : parse(before);
                final List<SigningKey> after = edit.apply(keys);
                if (!after.equals(keys)) {
                    locked.replace(set(after));
                }
            }
        }
    }

    /** None if there was never a good version of the file. */
    private List<SigningKey> keys() {
        final Instant now = clock.instant();
        // As long as there is none, all wait for who looks
        final Instant next = nextLook;
        // A clock that was set back must not put the next look off
        if (version == null || now.isAfter(next) || now.isBefore(next.minus(BETWEEN_LOOKS))) {
            nextLook = now.plus(BETWEEN_LOOKS);
            try {
                look(now);
            } catch (final IOException e) {
                complain(FileFault.describe(e));
            } catch (final IllegalArgumentException e) {
                complain(e.getMessage());
            }
        }
        final Version known = version;
        return known == null ? List.of() : known.keys();
    }

    private void complain(final String why) {
        FAULTS.report(Level.ERROR, "the signing key " + file + " cannot be used: " + why + (version == null
                ? "; receipts are not signed" : "; the last good version stays in force"));
    }

    private synchronized void look(final Instant now) throws IOException {
        if (version == null && !Files.exists(file)) {
            // Another server may have made it meanwhile
            edit(keys -> keys.isEmpty() ? List.of(SigningKey.generate()) : keys);
        }
        final FileSnapshot snapshot = FileSnapshot.of(file, now);
        if (version == null || version.snapshot().mayDifferFrom(snapshot)) {
            refuseOpenToOthers();
            version = new Version(parse(TextFile.read(file)), snapshot);
        }
    }

    private void refuseOpenToOthers() throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw new IllegalArgumentException("everybody on this machine may use it: take that from them with chmod 600 " + file);
        }
    }

    private static List<SigningKey> parse(final String text) {
        try {
            final List<SigningKey> keys = new ArrayList<>();
            new JSONObject(text).getJSONArray("keys").forEach(key -> keys.add(SigningKey.parse((JSONObject) key)));
            if (keys.isEmpty() || !keys.get(0).signs()) {
                throw new IllegalArgumentException("its first key has no private part");
            }
            return keys;
        } catch (final JSONException | ClassCastException e) {
            throw new IllegalArgumentException("it is no JWK Set", e);
        }
    }

    private static String set(final List<SigningKey> keys) {
        final JSONArray all = new JSONArray();
        keys.forEach(key -> all.put(key.jwk()));
        return new JSONObject().put("keys", all).toString(2) + "\n";
    }

    private static JSONObject decoded(final String part) {
        return new JSONObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static String encoded(final JSONObject json) {
        return encoded(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(final byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
