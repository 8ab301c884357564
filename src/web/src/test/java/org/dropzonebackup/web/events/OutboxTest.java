package org.dropzonebackup.web.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.dropzonebackup.core.CapturedLog;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.events.EventType;
import org.dropzonebackup.core.events.Outbox;
import org.dropzonebackup.core.events.Program;
import org.dropzonebackup.core.journal.Entry;
import org.dropzonebackup.core.journal.Event;
import org.dropzonebackup.core.journal.FileFacts;
import org.dropzonebackup.core.journal.Journal;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a journal for a real HTTP receiver, in the time of a clock that is set. */
class OutboxTest {

    private static final SecretKeySpec SECRET = new SecretKeySpec("0123456789abcdef01234567".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");
    private static final Set<EventType> ALL = EnumSet.allOf(EventType.class);

    @TempDir
    private Path memory;
    private final SettableClock clock = new SettableClock();
    private final HttpClient client = Webhook.client();
    private final List<Received> received = new ArrayList<>();
    private IntSupplier status = () -> 204;
    private HttpServer receiver;
    private Journal journal;
    private Outbox outbox;

    private record Received(Map<String, List<String>> headers, String body, int status, Instant at) {

        String path() {
            return new JSONObject(body).getJSONObject("data").getString("path");
        }
    }

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.setExecutor(Executors.newCachedThreadPool());
        receiver.start();
        journal = new Journal(memory.resolve("journal"), false, clock, clock::nanoTime);
        outbox = outbox(ALL);
    }

    @AfterEach
    void stop() throws IOException {
        outbox.close();
        journal.close();
        receiver.stop(0);
    }

    private URI url(final String path) {
        return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + path);
    }

    private Outbox outbox(final Set<EventType> types) {
        return new Outbox(journal, memory, new Webhook(client, url("/hook"), SECRET, clock), types, clock);
    }

    private void receive(final HttpExchange exchange) throws IOException {
        final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        final int answer = status.getAsInt();
        received.add(new Received(Map.copyOf(exchange.getRequestHeaders()), body, answer, clock.instant()));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private void store(final String... paths) throws IOException {
        for (final String path : paths) {
            journal.append(List.of(new Entry(Event.STORED, Optional.of("alice"),
                    new FileFacts("alice", path, 7, "0".repeat(64), Optional.empty()), Optional.of("192.0.2.1"))));
        }
    }

    /** Makes steps, and lets the time pass that is to be waited. */
    private void run(final Duration time) throws InterruptedException {
        final Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            final Duration wait = outbox.step();
            clock.pass(wait);
        }
    }

    private List<String> delivered() {
        return received.stream().filter(each -> each.status() < 300).map(Received::path).toList();
    }

    @Test
    void tellsWhatStandardWebhooksSays() throws Exception {
        run(Duration.ofSeconds(2));
        store("nightly/db.dump");
        run(Duration.ofSeconds(2));

        assertThat(received).hasSize(1);
        final Received one = received.get(0);
        final JSONObject json = new JSONObject(one.body());
        assertThat(json.getString("type")).isEqualTo("file.stored");
        assertThat(Instant.parse(json.getString("timestamp"))).isBeforeOrEqualTo(one.at());
        assertThat(json.getJSONObject("data").toMap()).containsOnly(Map.entry("user", "alice"), Map.entry("path", "nightly/db.dump"),
                Map.entry("size", 7), Map.entry("sha256", "0".repeat(64)), Map.entry("address", "192.0.2.1"));
        final String id = one.headers().get("Webhook-id").get(0);
        final String timestamp = one.headers().get("Webhook-timestamp").get(0);
        assertThat(Long.parseLong(timestamp)).isEqualTo(one.at().getEpochSecond());
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(SECRET);
        assertThat(one.headers().get("Webhook-signature")).containsExactly("v1," + Base64.getEncoder().encodeToString(
                mac.doFinal((id + "." + timestamp + "." + one.body()).getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void deliversEachInOrderToAReceiverThatIsDownForAnHourAndThenFailsEverySecondTime() throws Exception {
        run(Duration.ofSeconds(2));
        final List<String> names = IntStream.range(0, 40).mapToObj(i -> "f" + i).toList();
        final Instant up = clock.instant().plus(Duration.ofHours(1));
        status = () -> clock.instant().isBefore(up) ? 503 : received.size() % 2 == 0 ? 500 : 200;
        for (final String name : names) {
            store(name);
            run(Duration.ofMinutes(3));
            if (name.equals("f20")) {
                outbox.close();
                outbox = outbox(ALL);
            }
        }
        run(Duration.ofHours(3));

        assertThat(new LinkedHashSet<>(delivered())).containsExactlyElementsOf(names);
        assertThat(delivered()).as("the order of deliveries").isSortedAccordingTo((a, b) ->
                Integer.compare(names.indexOf(a), names.indexOf(b)));
        assertThat(outbox.behind()).isZero();
        final List<Instant> tries = received.stream().filter(each -> each.path().equals("f0")).map(Received::at).toList();
        assertThat(Duration.between(tries.get(0), tries.get(1))).isEqualTo(Duration.ofSeconds(5));
        assertThat(Duration.between(tries.get(1), tries.get(2))).isEqualTo(Duration.ofSeconds(10));
        assertThat(received.stream().filter(each -> each.path().equals("f0")).map(each -> each.headers().get("Webhook-id"))).containsOnly(
                received.get(0).headers().get("Webhook-id"));
    }

    @Test
    void triesOnceAnHourInTheEndAndGivesUpWhatIsOlderThanThreeDays() throws Exception {
        run(Duration.ofSeconds(2));
        status = () -> 500;
        store("old", "old as well");
        run(Duration.ofHours(71));
        assertThat(received).hasSizeBetween(75, 85).extracting(Received::path).containsOnly("old");
        store("young");
        try (CapturedLog log = new CapturedLog(Outbox.class)) {
            run(Duration.ofHours(3));
            assertThat(log.lines()).anyMatch(line -> line.contains("2 events could not be delivered to 127.0.0.1 for three days"));
        }
        status = () -> 200;
        run(Duration.ofHours(2));
        assertThat(delivered()).containsExactly("young");
    }

    @Test
    void givesUpNothingAtTheFirstFailureAfterAWeekOfBeingSwitchedOff() throws Exception {
        run(Duration.ofSeconds(2));
        store("old");
        clock.pass(Duration.ofDays(7));
        status = () -> received.size() < 2 ? 503 : 200;
        run(Duration.ofMinutes(1));
        assertThat(delivered()).containsExactly("old");
    }

    @Test
    void saysThatItBeginsAnewIfItsFileIsDamaged() throws Exception {
        run(Duration.ofSeconds(2));
        outbox.close();
        store("missed");
        try (Stream<Path> files = Files.list(memory)) {
            Files.writeString(files.filter(file -> file.getFileName().toString().startsWith("events-1-")).findFirst().orElseThrow(), "{");
        }
        outbox = outbox(ALL);
        try (CapturedLog log = new CapturedLog(Outbox.class)) {
            run(Duration.ofSeconds(2));
            assertThat(log.lines()).singleElement().asString().startsWith("SEVERE ").contains("events until now are not delivered");
        }
        store("next");
        run(Duration.ofSeconds(2));
        assertThat(delivered()).containsExactly("next");
    }

    @Test
    void triesAgainWhereTheReceiverClosesAtOnceOrDoesNotAnswer() throws Exception {
        run(Duration.ofSeconds(2));
        store("a");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Thread closing = new Thread(() -> {
                try {
                    silent.accept().close();
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            closing.start();
            outbox = new Outbox(journal, memory, new Webhook(client, URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"),
                    SECRET, clock), ALL, clock);
            outbox.step();
            store("b");
            assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(5));
            closing.join();
            final long begin = System.nanoTime();
            assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(10));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(25));
        }
    }

    @Test
    void beginsAtTheEndAndGoesOnAfterARestart() throws Exception {
        store("before");
        run(Duration.ofSeconds(2));
        outbox.close();
        store("while it was off");
        outbox = outbox(ALL);
        assertThat(outbox.behind()).isZero();
        run(Duration.ofSeconds(2));
        assertThat(delivered()).containsExactly("while it was off");
        outbox.close();
        outbox = outbox(ALL);
        run(Duration.ofSeconds(2));
        assertThat(delivered()).hasSize(1);
    }

    @Test
    void tellsOnlyWhatIsWanted() throws Exception {
        outbox = outbox(Set.of(EventType.BACKUP_LATE));
        run(Duration.ofSeconds(2));
        store("a");
        journal.append(List.of(new Entry(Event.LATE, Optional.of("alice"), Optional.empty(), Map.of("lastPath", "a"))));
        store("b");
        run(Duration.ofSeconds(2));
        assertThat(received).hasSize(1);
        assertThat(new JSONObject(received.get(0).body()).toMap()).containsEntry("type", "backup.late")
                .containsEntry("data", Map.of("user", "alice", "lastPath", "a"));
        assertThat(outbox.behind()).isZero();
    }

    @Test
    void followsNoRedirectAndWaitsForNoBody() throws Exception {
        run(Duration.ofSeconds(2));
        receiver.removeContext("/hook");
        final List<String> asked = new ArrayList<>();
        receiver.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            if (asked.size() == 1) {
                exchange.getResponseHeaders().set("Location", url("/elsewhere").toString());
                exchange.sendResponseHeaders(307, -1);
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(new byte[1 << 16]);
                }
            }
        });
        store("a", "b");
        assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(5));
        assertThat(outbox.step()).isZero();
        assertThat(outbox.step()).isZero();
        assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(asked).containsExactly("/hook", "/hook", "/hook");
    }

    @Test
    void runsAProgramWithTheEventOnItsInputAndWithoutTheServersSecrets() throws Exception {
        final Path out = memory.resolve("out");
        final Path program = script("cat >> " + out + "; env >> " + out + "; test -e " + memory.resolve("ok"));
        outbox = new Outbox(journal, memory, new Program(program, memory, Duration.ofSeconds(10)), ALL, clock);
        run(Duration.ofSeconds(2));
        store("na\"me");
        assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(5));
        Files.createFile(memory.resolve("ok"));
        assertThat(outbox.step()).isZero();
        assertThat(memory).isDirectoryNotContaining("glob:**/on-event-[0-9]*");
        final List<String> lines = Files.readAllLines(out);
        assertThat(new JSONObject(lines.get(0)).getJSONObject("data").getString("path")).isEqualTo("na\"me");
        assertThat(lines.stream().filter(line -> line.startsWith("{"))).hasSize(2);
        assertThat(lines.stream().filter(line -> line.matches("[A-Z_]+=.*")).map(line -> line.replaceAll("=.*", "")))
                .isSubsetOf("PATH", "LANG", "LC_ALL", "HOME", "TZ", "PWD", "OLDPWD", "SHLVL", "_");
    }

    @Test
    void endsAProgramThatHangsWithAllItHasStarted() throws Exception {
        final Path pid = memory.resolve("pid");
        final Path program = script("sleep 1000 & echo $! > " + pid + "; wait");
        outbox = new Outbox(journal, memory, new Program(program, memory, Duration.ofSeconds(1)), ALL, clock);
        run(Duration.ofSeconds(2));
        store("a");
        assertThat(outbox.step()).isEqualTo(Duration.ofSeconds(5));
        final Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (child.isPresent()) {
            child.get().onExit().get();
        }
        assertThat(outbox.behind()).isEqualTo(1);
    }

    private Path script(final String commands) throws IOException {
        final Path program = Files.writeString(memory.resolve("program"), "#!/bin/sh\n" + commands + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
