/**
 * The key that signs receipts and the heads of the journal, and the signatures: Ed25519 keys as JSON Web Keys (RFC 7517, RFC
 * 8037), signatures in the compact form of JSON Web Signature (RFC 7515). Java has the algorithm, and org.json is here for the
 * journal: what is left for this package is less than a library for all algorithms of JOSE, most of which must not be accepted.
 *
 * <p>The file is a JWK Set for its owner alone. The first key has its private part ({@code d}) and signs. Those behind it are the
 * public parts of older ones, by which what they have signed can still be verified.
 */
package org.dropzonebackup.core.signing;
