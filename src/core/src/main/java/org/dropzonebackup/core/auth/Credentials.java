package org.dropzonebackup.core.auth;

/** A user name and a password as a client sent them. Immutable; never printed. */
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

    /** As it was sent, right or wrong. */
    public String userName() {
        return userName;
    }

    String password() {
        return password;
    }
}
