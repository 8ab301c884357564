package org.dropzonebackup.core.refusal;

/**
 * Thrown to refuse an upload. It has no stack trace: a refusal is an answer, not a fault, and hostile clients can cause many
 * of them.
 */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(final Refusal refusal) {
        super(refusal.sentence(), null, false, false);
        this.refusal = refusal;
    }

    /** The reason. */
    public Refusal refusal() {
        return refusal;
    }
}
