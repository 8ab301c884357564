package org.dropzonebackup.core.challenge;

/**
 * A proof of work that a client has to deliver: the number from 0 to {@code maxNumber} for which the SHA-256 of the salt,
 * followed by the number in decimal, is {@code challenge}. Immutable.
 *
 * @param challenge the SHA-256, in hexadecimal
 * @param maxNumber the largest number to try
 * @param salt random; contains the time at which the challenge expires
 * @param signature the HMAC of the challenge under the server's key, in hexadecimal
 */
public record Challenge(String challenge, long maxNumber, String salt, String signature) {

    /** The hash function, as ALTCHA writes it; no other is offered. */
    public static final String ALGORITHM = "SHA-256";
}
