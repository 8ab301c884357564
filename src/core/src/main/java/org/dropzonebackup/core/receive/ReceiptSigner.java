package org.dropzonebackup.core.receive;

import java.util.List;
import java.util.Optional;
import org.dropzonebackup.core.journal.Line;
import org.dropzonebackup.core.signing.SigningKeys;
import org.json.JSONObject;

/**
 * Signs receipts, and reads those that it has signed. The claims are {@code iss} (the server's name), {@code sub} (the user, if
 * there is one), {@code path}, {@code size}, {@code sha256}, {@code storedAt}, and of the entry in the journal {@code chain},
 * {@code seq} and {@code head}: its hash, which is the head of the chain up to it. Safe for threads.
 */
public final class ReceiptSigner {

    private static final List<String> CLAIMS = List.of("path", "size", "sha256", "chain", "seq", "head");

    private final SigningKeys keys;
    private final String server;

    /**
     * @param server its name
     */
    public ReceiptSigner(final SigningKeys keys, final String server) {
        this.keys = keys;
        this.server = server;
    }

    /**
     * A receipt in the compact form of JSON Web Signature (RFC 7515).
     *
     * @param user whose file it is; none: anonymous
     * @return none if the receipt has no entry, or there is no key
     */
    public Optional<String> sign(final Optional<String> user, final Receipt receipt) {
        if (receipt.entry().isEmpty()) {
            return Optional.empty();
        }
        final Line line = receipt.entry().get();
        final JSONObject claims = new JSONObject().put("iss", server).put("path", receipt.name()).put("size", receipt.size())
                .put("sha256", receipt.sha256()).put("storedAt", receipt.storedAt().toString())
                .put("chain", line.chain()).put("seq", line.seq()).put("head", line.hash());
        user.ifPresent(name -> claims.put("sub", name));
        return keys.sign(claims);
    }

    /**
     * What a receipt says of a file.
     *
     * @param user who has it
     * @return none if it was not signed here, or is another user's
     */
    public Optional<FileStates.Claim> read(final Optional<String> user, final String signed) {
        return keys.verify(signed).filter(claims -> CLAIMS.stream().allMatch(claims::has)
                && Optional.ofNullable(claims.optString("sub", null)).equals(user))
                .map(claims -> new FileStates.Claim(claims.getString("path"), claims.getLong("size"), claims.getString("sha256"),
                        Optional.of(new FileStates.EntryClaim(claims.getInt("chain"), claims.getLong("seq"), claims.getString("head")))));
    }
}
