package org.dropzonebackup.core.challenge;

/**
 * A solved {@link Challenge} as a client sends it: the challenge's own fields and the number. None of it is trusted.
 * Immutable.
 *
 * @param algorithm the name of the hash
 * @param challenge as in {@link Challenge}
 * @param number the solution
 * @param salt as in {@link Challenge}
 * @param signature as in {@link Challenge}
 */
public record Solution(String algorithm, String challenge, long number, String salt, String signature) {
}
