package org.dropzonebackup.core.challenge;

/** The fields of a {@link Challenge} and the number that solves it, as a client sends them; none is trusted. Immutable. */
public record Solution(String algorithm, String challenge, long number, String salt, String signature) {
}
