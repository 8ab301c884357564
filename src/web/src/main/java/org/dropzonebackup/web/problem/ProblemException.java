package org.dropzonebackup.web.problem;

/** Carries a {@link Problem} to whoever answers the client. No stack trace is taken: it is an answer and not a fault. */
public final class ProblemException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /**
     * @param problem the answer
     */
    public ProblemException(final Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** The answer. */
    public Problem problem() {
        return problem;
    }
}
