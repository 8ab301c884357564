package org.dropzonebackup.web.events;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.dropzonebackup.core.events.Destination;
import org.dropzonebackup.core.events.Message;
import org.dropzonebackup.core.files.Sha256;

/** A receiver of {@code POST} requests, as Standard Webhooks has them: signed by HMAC-SHA256 with a shared secret. */
public final class Webhook implements Destination {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int NOT_OK = 300;

    private final HttpClient client;
    private final URI url;
    private final SecretKey secret;
    private final Clock clock;

    /**
     * @param client of {@link #client}
     * @param url may have a token in its path: no message says more of it than the host
     */
    public Webhook(final HttpClient client, final URI url, final SecretKey secret, final Clock clock) {
        this.client = client;
        this.url = url;
        this.secret = secret;
        this.clock = clock;
    }

    /** A client for all webhooks. It follows no redirect, and has threads of its own. */
    public static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(LONGEST).build();
    }

    @Override
    public String name() {
        return url.getHost();
    }

    @Override
    public String id() {
        return HexFormat.of().formatHex(Sha256.of(url.toString().getBytes(StandardCharsets.UTF_8)), 0, 8);
    }

    @Override
    public void deliver(final Message message) throws IOException, InterruptedException {
        final String timestamp = Long.toString(clock.instant().getEpochSecond());
        final HttpRequest request = HttpRequest.newBuilder(url).timeout(LONGEST).header("Content-Type", "application/json")
                .header("webhook-id", message.id()).header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature(message.id() + "." + timestamp + "." + message.json()))
                .POST(HttpRequest.BodyPublishers.ofString(message.json())).build();
        final CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            final HttpResponse<InputStream> response = answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            response.body().close();
            if (response.statusCode() < OK || response.statusCode() >= NOT_OK) {
                throw new IOException("it answers " + response.statusCode());
            }
        } catch (final TimeoutException e) {
            throw new IOException("it does not answer within " + LONGEST.toSeconds() + " s", e);
        } catch (final ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    private String signature(final String content) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
