package org.dropzonebackup.core.auth;

/**
 * A user name and a password as the client sent them, right or wrong. Immutable; never prints the password.
 *
 * @param userName in any case
 * @param password never empty
 */
public record Credentials(String userName, String password) {

    @Override
    public String toString() {
        return "Credentials of " + userName;
    }
}
