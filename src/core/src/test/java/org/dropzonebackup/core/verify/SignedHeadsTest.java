package org.dropzonebackup.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.signing.SigningKeys;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the signed head of a chain reveals that nothing else does: here all files are as the journal says. */
class SignedHeadsTest {

    @TempDir
    private Path base;
    private VerifiedBox box;
    private Path head;

    @BeforeEach
    void sendFiles() throws Exception {
        box = new VerifiedBox(base);
        for (int i = 0; i < 8; i++) {
            box.send("f" + i, "content " + i);
        }
        box.heads(box.journal()).sign();
        head = base.resolve(".dropzone/journal/1/head.jws");
    }

    @AfterEach
    void close() throws Exception {
        box.close();
    }

    private void rewrite(final Map<Path, byte[]> journal) throws Exception {
        for (final Path segment : box.segments()) {
            Files.delete(segment);
        }
        for (final Map.Entry<Path, byte[]> each : journal.entrySet()) {
            Files.write(each.getKey(), each.getValue());
        }
    }

    @Test
    void tellWhereAChainEnds() throws Exception {
        final JSONObject claims = new JSONObject(new String(
                Base64.getUrlDecoder().decode(Files.readString(head).split("\\.")[1]), StandardCharsets.UTF_8));
        assertThat(claims.toMap()).containsEntry("chain", 1).containsEntry("seq", 8)
                .containsEntry("hash", box.journal().find("alice", "f7").orElseThrow().hash()).containsKey("time");
        box.send("later", "content");
        assertThat(box.verify()).isEmpty();
    }

    @Test
    void revealThatEntriesWereCutOffWithTheirFiles() throws Exception {
        final Path last = box.segments().get(box.segments().size() - 1);
        final List<String> lines = Files.readAllLines(last);
        Files.writeString(last, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
        Files.delete(box.file("alice/f7"));

        assertThat(box.verify()).singleElement().asString().startsWith("journal damaged: " + head.getParent()
                + " is not the chain that was signed at ").endsWith(": entry 8 is missing");
    }

    @Test
    void revealAnOlderJournalAndStayAsTheyAre() throws Exception {
        final Map<Path, byte[]> older = box.savedJournal();
        final byte[] olderHead = Files.readAllBytes(head);
        box.send("later", "content");
        box.heads(box.journal()).sign();
        final String newer = Files.readString(head);
        box.close();
        rewrite(older);
        Files.delete(box.file("alice/later"));

        assertThat(box.verify()).singleElement().asString().endsWith(": entry 9 is missing");

        try (VerifiedBox restarted = new VerifiedBox(base); CapturedLog log = new CapturedLog(SignedHeads.class)) {
            restarted.send("again", "other content");
            restarted.heads(restarted.journal()).sign();
            assertThat(log.lines()).singleElement().asString().contains(": entry 9 is another one");
            assertThat(head).hasContent(newer);
            assertThat(restarted.verify()).singleElement().asString().endsWith(": entry 9 is another one");
        }

        // What nothing here can reveal: the old head with the old journal
        rewrite(older);
        Files.delete(box.file("alice/again"));
        Files.write(head, olderHead);
        assertThat(box.verify()).isEmpty();
    }

    @Test
    void areBelievedOnlyIfTheServerHasSignedThem() throws Exception {
        final String[] parts = Files.readString(head).strip().split("\\.");
        final SigningKeys others = new SigningKeys(base.resolve("others.jwks"), Clock.systemUTC());
        final JSONObject claims = new JSONObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        Files.writeString(head, others.sign(claims).orElseThrow());
        assertThat(box.verify()).containsExactly("journal damaged: " + head + " is not signed by the key of this server");

        final SigningKeys own = new SigningKeys(base.resolve(".dropzone/signing-key.jwks"), Clock.systemUTC());
        Files.writeString(head, own.sign(claims.put("chain", 2)).orElseThrow());
        assertThat(box.verify()).containsExactly("journal damaged: " + head + " is of another chain");
        Files.writeString(head, own.sign(new JSONObject().put("seq", 8).put("head", "00")).orElseThrow());
        assertThat(box.verify()).containsExactly("journal damaged: " + head + " is something else that this server has signed");
    }

    @Test
    void areMissedADayAfterTheFirstEntry() throws Exception {
        Files.delete(head);
        assertThat(box.heads(box.journal()).problem(1)).isEmpty();

        final Clock tomorrow = Clock.fixed(Instant.now().plus(Duration.ofDays(2)), ZoneOffset.UTC);
        final SigningKeys own = new SigningKeys(base.resolve(".dropzone/signing-key.jwks"), Clock.systemUTC());
        assertThat(new SignedHeads(box.journal(), Optional.of(own), tomorrow).problem(1)).contains(head + " is missing");
        assertThat(new SignedHeads(box.journal(), Optional.empty(), tomorrow).problem(1)).isEmpty();
    }
}
