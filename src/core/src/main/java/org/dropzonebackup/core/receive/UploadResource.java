package org.dropzonebackup.core.receive;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dropzonebackup.core.store.UploadId;

/**
 * An upload resource as a look at it finds it. Immutable.
 *
 * @param id names it
 * @param owner whose it is
 * @param submittedName as it was sent; none if there was none, or the body carries files
 * @param body whether the bytes are a body that carries files, and not one file
 * @param offset bytes that are on stable storage; the length, once it is complete
 * @param length bytes in all, if that is known
 * @param notes what the protocol gave to keep
 * @param created when it was created
 * @param changed when bytes came last
 * @param expires when it may be swept if nothing comes until then
 * @param receipts of its files, once it is complete. An offset that has reached the length is not enough for that: if
 *        the last request broke off, it is still to be completed by an append of no bytes
 */
public record UploadResource(UploadId id, Owner owner, Optional<String> submittedName, boolean body, long offset,
        OptionalLong length, Map<String, String> notes, Instant created, Instant changed, Instant expires,
        Optional<List<Receipt>> receipts) {

    UploadResource with(final List<Receipt> files) {
        return new UploadResource(id, owner, submittedName, body, offset, length, notes, created, changed, expires,
                Optional.of(files));
    }

    /** Whether all its files are stored. */
    public boolean isComplete() {
        return receipts.isPresent();
    }
}
