package org.dropzonebackup.core.receive;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.dropzonebackup.core.store.UploadRecord;

/**
 * What is recorded with an upload resource besides its offset and length. Each fact has a key: {@code owner}, {@code protocol},
 * {@code name}, {@code body}, {@code created}, {@code digest.ALGORITHM}, {@code onlyNew} if it is true, {@code note.KEY};
 * and once it is or is about to be complete, {@code file.N.name}, {@code .submittedName}, {@code .size}, {@code .sha256},
 * {@code .storedAt}. Immutable.
 */
record UploadInfo(Owner owner, Optional<String> name, boolean body, Instant created, Map<DigestAlgorithm, byte[]> digests,
        boolean onlyNew, Map<String, String> notes, List<Receipt> receipts) {

    private static final String DIGEST = "digest.";
    private static final String NOTE = "note.";
    private static final String ONLY_NEW = "onlyNew";
    private static final String SUBMITTED_NAME = "submittedName";

    /** Reads a record; none if it is not one that {@link #recorded} writes. */
    static Optional<UploadInfo> of(final Map<String, String> recorded) {
        try {
            final Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
            final Map<String, String> notes = new TreeMap<>();
            recorded.forEach((key, value) -> {
                if (key.startsWith(DIGEST)) {
                    digests.put(DigestAlgorithm.ofKey(key.substring(DIGEST.length())).orElseThrow(IllegalArgumentException::new),
                            HexFormat.of().parseHex(value));
                } else if (key.startsWith(NOTE)) {
                    notes.put(key.substring(NOTE.length()), value);
                }
            });
            final List<Receipt> receipts = new ArrayList<>();
            for (String file = "file.0."; recorded.containsKey(file + "name"); file = "file." + receipts.size() + '.') {
                // Older servers recorded none for each file
                final String submitted = recorded.getOrDefault(file + SUBMITTED_NAME, recorded.get("name"));
                receipts.add(new Receipt(recorded.get(file + "name"), Optional.ofNullable(submitted),
                        Long.parseLong(recorded.get(file + "size")), recorded.get(file + "sha256"),
                        Instant.parse(recorded.get(file + "storedAt"))));
            }
            return Optional.of(new UploadInfo(
                    new Owner(Optional.ofNullable(recorded.get("owner")), recorded.getOrDefault("protocol", "")),
                    Optional.ofNullable(recorded.get("name")), Boolean.parseBoolean(recorded.get("body")),
                    Instant.parse(recorded.getOrDefault("created", "")), digests, Boolean.parseBoolean(recorded.get(ONLY_NEW)),
                    notes, receipts));
        } catch (final IllegalArgumentException | DateTimeException damaged) {
            return Optional.empty();
        }
    }

    /** The facts to be recorded. */
    Map<String, String> recorded() {
        final Map<String, String> facts = new TreeMap<>();
        owner.user().ifPresent(user -> facts.put("owner", user));
        facts.put("protocol", owner.protocol());
        name.ifPresent(submitted -> facts.put("name", submitted));
        facts.put("body", Boolean.toString(body));
        facts.put("created", created.toString());
        digests.forEach((algorithm, digest) -> facts.put(DIGEST + algorithm.key(), HexFormat.of().formatHex(digest)));
        if (onlyNew) {
            facts.put(ONLY_NEW, "true");
        }
        notes.forEach((key, value) -> facts.put(NOTE + key, value));
        for (int i = 0; i < receipts.size(); i++) {
            final String file = "file." + i + '.';
            facts.put(file + "name", receipts.get(i).name());
            receipts.get(i).submittedName().ifPresent(submitted -> facts.put(file + SUBMITTED_NAME, submitted));
            facts.put(file + "size", Long.toString(receipts.get(i).size()));
            facts.put(file + "sha256", receipts.get(i).sha256());
            facts.put(file + "storedAt", receipts.get(i).storedAt().toString());
        }
        return facts;
    }

    UploadInfo with(final List<Receipt> files) {
        return new UploadInfo(owner, name, body, created, digests, onlyNew, notes, files);
    }

    /** The announcement of the file, or of the only one that a body carries. */
    Announcement announcement() {
        return new Announcement(name, OptionalLong.empty(), digests, false, onlyNew);
    }

    /** Whether all files are stored. A single file is when its bytes have left the upload resource; those of a body before. */
    boolean completeIn(final UploadRecord record) {
        return record.state().finished() && (body || !record.pending());
    }

    UploadResource resource(final UploadRecord record, final Duration staleAfter) {
        return new UploadResource(record.id(), owner, name, body, record.state().offset(), record.state().length(), notes,
                created, record.changed(), record.changed().plus(staleAfter),
                completeIn(record) ? Optional.of(receipts) : Optional.empty());
    }
}
