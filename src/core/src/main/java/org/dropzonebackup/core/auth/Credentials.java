package org.dropzonebackup.core.auth;

/** A user name and a password as the client sent them, right or wrong. Immutable; never printed, so not a record. */
public final class Credentials {

    private final String userName;
    private final String password;

    /**
     * @param userName in any case
     * @param password never empty
     */
    public Credentials(final String userName, final String password) {
        this.userName = userName;
        this.password = password;
    }

    /** In any case. */
    public String userName() {
        return userName;
    }

    String password() {
        return password;
    }
}
