package org.dropzonebackup.core.signing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Optional;
import org.dropzonebackup.core.files.Sha256;
import org.json.JSONException;
import org.json.JSONObject;

/** An Ed25519 key as a JSON Web Key (RFC 8037): one that signs, or only its public part. Immutable. */
final class SigningKey {

    private static final String ALGORITHM = "Ed25519";
    private static final int LENGTH = 32;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final byte[] x;
    private final Optional<byte[]> d;
    private final String id;

    private SigningKey(final byte[] x, final Optional<byte[]> d) {
        this.x = x;
        this.d = d;
        this.id = thumbprint(x);
    }

    static SigningKey generate() {
        try {
            final KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new SigningKey(encoded(((EdECPublicKey) pair.getPublic()).getPoint()),
                    ((EdECPrivateKey) pair.getPrivate()).getBytes());
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("Java has Ed25519 since version 15", e);
        }
    }

    /** @throws IllegalArgumentException if it is no Ed25519 key */
    static SigningKey parse(final JSONObject jwk) {
        try {
            if (!jwk.getString("kty").equals("OKP") || !jwk.getString("crv").equals(ALGORITHM)) {
                throw new IllegalArgumentException("a key is not of type OKP and curve Ed25519");
            }
            final SigningKey key = new SigningKey(decoded(jwk.getString("x")),
                    jwk.has("d") ? Optional.of(decoded(jwk.getString("d"))) : Optional.empty());
            final byte[] any = new byte[0];
            if (key.signs() && !key.verifies(any, key.sign(any))) {
                throw new IllegalArgumentException("the private part of a key (d) does not belong to its public part (x)");
            }
            return key;
        } catch (final JSONException e) {
            throw new IllegalArgumentException("a key is incomplete", e);
        }
    }

    private static byte[] decoded(final String text) {
        final byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a key has not " + LENGTH + " bytes");
        }
        return bytes;
    }

    /** The thumbprint of the public part (RFC 7638). */
    private static String thumbprint(final byte[] x) {
        final String required = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + ENCODER.encodeToString(x) + "\"}";
        return ENCODER.encodeToString(Sha256.of(required.getBytes(StandardCharsets.US_ASCII)));
    }

    String id() {
        return id;
    }

    boolean signs() {
        return d.isPresent();
    }

    SigningKey withoutPrivatePart() {
        return new SigningKey(x, Optional.empty());
    }

    JSONObject jwk() {
        final JSONObject jwk = new JSONObject().put("kty", "OKP").put("crv", ALGORITHM).put("alg", "EdDSA").put("use", "sig")
                .put("kid", id).put("x", ENCODER.encodeToString(x));
        d.ifPresent(secret -> jwk.put("d", ENCODER.encodeToString(secret)));
        return jwk;
    }

    byte[] sign(final byte[] content) {
        try {
            final PrivateKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, d.orElseThrow()));
            final Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("the signing key cannot sign", e);
        }
    }

    boolean verifies(final byte[] content, final byte[] signed) {
        try {
            final PublicKey key = KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(x)));
            final Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(signed);
        } catch (final GeneralSecurityException malformed) {
            return false;
        }
    }

    /** RFC 8032, section 5.1.2: y in little endian, and the lowest bit of x as the highest of all. */
    private static byte[] encoded(final EdECPoint point) {
        final byte[] bytes = new byte[LENGTH];
        final byte[] y = point.getY().toByteArray();
        for (int i = 0; i < Math.min(LENGTH, y.length); i++) {
            bytes[i] = y[y.length - 1 - i];
        }
        bytes[LENGTH - 1] |= point.isXOdd() ? (byte) 0x80 : 0;
        return bytes;
    }

    private static EdECPoint point(final byte[] bytes) {
        final byte[] y = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            y[i] = bytes[LENGTH - 1 - i];
        }
        y[0] &= 0x7f;
        return new EdECPoint(bytes[LENGTH - 1] < 0, new BigInteger(1, y));
    }
}
