package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dropzonebackup.bench.Exchange;
import org.dropzonebackup.bench.Server;

/** Asks a server for a challenge and solves it, as an honest client does. */
record Solver(Server server) {

    /** The header of a request that carries a new solution, with its line end. */
    String header() throws IOException {
        try (Exchange exchange = new Exchange(server)) {
            final String answer = exchange.send("GET /challenge HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").answer().text();
            final String json = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            return header(json.replace("}", ",\"number\":" + solve(json) + "}"));
        }
    }

    /** The same for any solution. */
    static String header(final String json) {
        return "Altcha: " + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static long solve(final String json) {
        final byte[] salt = member(json, "salt").getBytes(StandardCharsets.UTF_8);
        final byte[] wanted = HexFormat.of().parseHex(member(json, "challenge"));
        final MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (long number = 0; number <= Long.parseLong(member(json, "maxnumber")); number++) {
            sha256.update(salt);
            if (MessageDigest.isEqual(sha256.digest(Long.toString(number).getBytes(StandardCharsets.UTF_8)), wanted)) {
                return number;
            }
        }
        throw new IllegalStateException("no solution of " + json);
    }

    private static String member(final String json, final String name) {
        final Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1);
    }
}
