package org.dropzonebackup.core.challenge;

/**
 * A challenge, as a client sends it back with the number. Nothing of it is believed. Immutable.
 *
 * @param algorithm the name of the hash
 * @param challenge see {@link Challenge}
 * @param number what was to be found
 * @param salt see {@link Challenge}
 * @param signature see {@link Challenge}
 */
public record Solution(String algorithm, String challenge, long number, String salt, String signature) {
}
