package org.dropzonebackup.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.journal.Journal;
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

    private static Map<String, Object> claims(final Path file) throws Exception {
        return new JSONObject(new String(Base64.getUrlDecoder().decode(Files.readString(file).split("\\.")[1]), StandardCharsets.UTF_8))
                .toMap();
    }

    private void removeTheLastFile() throws Exception {
        final Path last = box.segments().get(box.segments().size() - 1);
        final List<String> lines = Files.readAllLines(last);
        Files.writeString(last, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
        Files.delete(box.file("alice/f7"));
    }

    @Test
    void tellWhereAChainEnds() throws Exception {
        assertThat(claims(head)).containsEntry("chain", 1).containsEntry("seq", 8)
                .containsEntry("hash", box.journal().find("alice", "f7").orElseThrow().hash()).containsKey("time");
        box.send("later", "content");
        assertThat(box.verify()).isEmpty();
    }

    @Test
    void revealThatEntriesWereCutOffWithTheirFiles() throws Exception {
        removeTheLastFile();

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
    void areMissedAndNotSignedAgainByThemselves() throws Exception {
        box.close();
        removeTheLastFile();
        Files.delete(head);
        assertThat(box.verify()).containsExactly("journal damaged: " + head + " is missing: entries may be missing too");

        try (VerifiedBox restarted = new VerifiedBox(base); CapturedLog log = new CapturedLog(SignedHeads.class)) {
            restarted.send("later", "content");
            restarted.heads(restarted.journal()).sign();
            assertThat(log.lines()).singleElement().asString().contains("head.jws is missing");
            assertThat(head).doesNotExist();
            assertThat(new SignedHeads(restarted.journal(), Optional.empty(), Clock.systemUTC()).problem(1)).isEmpty();
        }
    }

    @Test
    void areSignedAgainWhenSomebodyAcceptsHowTheChainsEnd() throws Exception {
        removeTheLastFile();
        final Journal reading = Journal.readOnly(base.resolve(".dropzone/journal"), System::nanoTime);
        assertThat(box.heads(reading).accept()).as("held by a server").containsExactly(1);
        assertThat(box.verify()).hasSize(1);

        box.close();
        assertThat(box.heads(reading).accept()).isEmpty();
        assertThat(box.verify()).isEmpty();
    }

    @Test
    void areThereBeforeTheFirstEntry() throws Exception {
        try (VerifiedBox other = new VerifiedBox(base)) {
            other.send("first", "content");
            final Path second = base.resolve(".dropzone/journal/2/head.jws");
            assertThat(claims(second)).containsEntry("chain", 2).containsEntry("seq", 0);
            assertThat(box.verify()).isEmpty();

            Files.delete(second);
            assertThat(box.verify()).singleElement().asString().startsWith("journal damaged: " + second + " is missing");
        }
    }
}
