package org.dropzonebackup.core.challenge;

/**
 * Something to compute: the number from 0 to {@code maxNumber} which, written in decimals behind the salt, has this
 * SHA-256. Immutable.
 *
 * @param challenge the SHA-256 in hexadecimal
 * @param maxNumber the largest number that it may be
 * @param salt what stands before the number; says when the challenge expires
 * @param signature of the challenge in hexadecimal, by the server's key
 */
public record Challenge(String challenge, long maxNumber, String salt, String signature) {

    /** The only hash there is, as ALTCHA writes it. */
    public static final String ALGORITHM = "SHA-256";
}
