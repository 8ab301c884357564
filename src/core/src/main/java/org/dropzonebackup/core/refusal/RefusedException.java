package org.dropzonebackup.core.refusal;

/**
 * Carries a {@link Refusal} to whoever answers the client. No stack trace is taken: a refusal is an answer and not a
 * fault, and hostile clients can make many of them.
 */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /**
     * @param refusal what was refused and why
     */
    public RefusedException(final Refusal refusal) {
        super(refusal.sentence(), null, false, false);
        this.refusal = refusal;
    }

    /** What was refused and why. */
    public Refusal refusal() {
        return refusal;
    }
}
