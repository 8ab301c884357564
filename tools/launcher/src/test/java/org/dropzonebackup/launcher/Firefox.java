package org.dropzonebackup.launcher;


import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * A Firefox without a window, driven by WebDriver BiDi, which it speaks itself: Debian has no geckodriver.
 * Source: W3C WebDriver BiDi.
 */
final class Firefox implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/firefox-esr");
    private static final String LISTENING = "WebDriver BiDi listening on ";

    private final Process process;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<JSONObject>> pending = new ConcurrentHashMap<>();
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private WebSocket socket;
    private String context;

    private Firefox(final Process process) {
        this.process = process;
    }

    /**
     * Starts it; where there is none the test is skipped.
     *
     * @param profile an empty directory
     */
    static Firefox start(final Path profile, final boolean javaScript) throws Exception {
        Prerequisite.programs("firefox-esr");
        Files.writeString(profile.resolve("user.js"), "user_pref(\"javascript.enabled\", " + javaScript + ");\n"
                + "user_pref(\"app.update.enabled\", false);\nuser_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\n"
                + "user_pref(\"network.captive-portal-service.enabled\", false);\n"
                + "user_pref(\"network.connectivity-service.enabled\", false);\n"
                + "user_pref(\"browser.safebrowsing.update.enabled\", false);\n"
                + "user_pref(\"network.dns.localDomains\", \"" + PageServer.INSECURE_HOST + "\");\n"
                + "user_pref(\"intl.accept_languages\", \"en\");\n");
        final ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString(), "--headless", "--no-remote",
                "--remote-debugging-port", "0", "--profile", profile.toString()).redirectErrorStream(true);
        builder.environment().put("HOME", profile.toString());
        final Firefox firefox = new Firefox(builder.start());
        firefox.connect();
        return firefox;
    }

    private void connect() throws Exception {
        final BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.contains(LISTENING)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("Firefox did not start");
        }
        final Thread reader = new Thread(() -> ignore(out), "firefox-output");
        reader.setDaemon(true);
        reader.start();
        final String address = line.substring(line.indexOf(LISTENING) + LISTENING.length()).strip();
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create(address + "/session"), new Answers()).get(20, TimeUnit.SECONDS);
        send("session.new", new JSONObject().put("capabilities", new JSONObject()));
        send("session.subscribe", new JSONObject().put("events", new JSONArray().put("log.entryAdded")));
        context = send("browsingContext.getTree", new JSONObject()).getJSONArray("contexts").getJSONObject(0)
                .getString("context");
    }

    /** Else it would wait, once the pipe is full. */
    private static void ignore(final BufferedReader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (final IOException closed) {
            // It has ended
        }
    }

    private JSONObject send(final String method, final JSONObject parameters) throws Exception {
        final long id = lastId.incrementAndGet();
        final CompletableFuture<JSONObject> answer = new CompletableFuture<>();
        pending.put(id, answer);
        socket.sendText(new JSONObject().put("id", id).put("method", method).put("params", parameters).toString(), true)
                .join();
        final JSONObject message = answer.get(30, TimeUnit.SECONDS);
        if (!message.has("result")) {
            throw new IOException(method + ": " + message);
        }
        return message.getJSONObject("result");
    }

    void open(final String url) throws Exception {
        send("browsingContext.navigate", new JSONObject().put("context", context).put("url", url).put("wait", "complete"));
    }

    /** Evaluates an expression; a promise is waited for. */
    Object evaluate(final String expression) throws Exception {
        final JSONObject result = send("script.evaluate", new JSONObject().put("expression", expression)
                .put("target", new JSONObject().put("context", context).put("sandbox", "test")).put("awaitPromise", true));
        if (!result.getString("type").equals("success")) {
            throw new IOException(result.toString());
        }
        return result.getJSONObject("result").opt("value");
    }

    /** Waits for an expression to be true, asking again at each of the page's turns; nothing of the page has to run. */
    void until(final String condition) throws Exception {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Boolean.TRUE.equals(evaluate("Boolean(" + condition + ")"))) {
            if (System.nanoTime() > end) {
                throw new IOException("never: " + condition + " in " + evaluate("document.body.innerText"));
            }
        }
    }

    private JSONObject element(final String selector) throws Exception {
        final JSONArray nodes = send("browsingContext.locateNodes", new JSONObject().put("context", context)
                .put("locator", new JSONObject().put("type", "css").put("value", selector))).getJSONArray("nodes");
        return new JSONObject().put("sharedId", nodes.getJSONObject(0).getString("sharedId"));
    }

    void choose(final String selector, final Path... files) throws Exception {
        send("input.setFiles", new JSONObject().put("context", context).put("element", element(selector))
                .put("files", new JSONArray(List.of(files).stream().map(Path::toString).toList())));
    }

    void type(final String selector, final String text) throws Exception {
        click(selector);
        final JSONArray keys = new JSONArray();
        text.codePoints().mapToObj(Character::toString).forEach(key -> keys
                .put(new JSONObject().put("type", "keyDown").put("value", key))
                .put(new JSONObject().put("type", "keyUp").put("value", key)));
        perform(new JSONObject().put("type", "key").put("id", "keyboard").put("actions", keys));
    }

    void click(final String selector) throws Exception {
        perform(new JSONObject().put("type", "pointer").put("id", "mouse").put("actions", new JSONArray()
                .put(new JSONObject().put("type", "pointerMove").put("x", 0).put("y", 0)
                        .put("origin", new JSONObject().put("type", "element").put("element", element(selector))))
                .put(new JSONObject().put("type", "pointerDown").put("button", 0))
                .put(new JSONObject().put("type", "pointerUp").put("button", 0))));
    }

    private void perform(final JSONObject source) throws Exception {
        send("input.performActions",
                new JSONObject().put("context", context).put("actions", new JSONArray().put(source)));
    }

    /** Errors on the console, violations of the Content-Security-Policy among them. */
    List<String> complaints() {
        return complaints;
    }

    /** A picture of the page, for people. */
    void picture(final String name) throws Exception {
        final Path target = Path.of(System.getProperty("page.screenshots"), name + ".png");
        Files.createDirectories(target.getParent());
        Files.write(target, Base64.getDecoder().decode(send("browsingContext.captureScreenshot",
                new JSONObject().put("context", context).put("origin", "document")).getString("data")));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** What comes back, in the order of its coming. */
    private final class Answers implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                take(new JSONObject(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(final JSONObject message) {
            if (message.optString("method").equals("log.entryAdded")) {
                final JSONObject entry = message.getJSONObject("params");
                if (entry.getString("level").equals("error")) {
                    complaints.add(entry.optString("text"));
                }
            } else if (message.has("id")) {
                pending.remove(message.getLong("id")).complete(message);
            }
        }
    }
}
