package org.dropzonebackup.web;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Asks the drop box as one of its users. */
final class Caller {

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;
    private final String[] always;

    /**
     * @param always headers of every request, each as {@code Name: value}
     */
    Caller(final URL root, final String user, final String... always) {
        this.root = URI.create(root.toString());
        this.always = Stream.concat(
                Stream.of("Username: " + user, "Password: " + Contract.PASSWORD), Stream.of(always)).toArray(String[]::new);
    }

    /**
     * @param path relative to the application's root, or absolute
     * @param headers that replace those of every request
     */
    RawConnection.Answer ask(final String method, final String path, final String body, final String... headers)
            throws IOException, InterruptedException {
        final HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (final String header : always) {
            request.setHeader(name(header), value(header));
        }
        for (final String header : headers) {
            request.setHeader(name(header), value(header));
        }
        final HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        final Map<String, String> answered = new TreeMap<>();
        response.headers().map().forEach(
                (name, values) -> answered.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new RawConnection.Answer(response.statusCode(), answered, response.body());
    }

    /** Where the answer to a request says that something is, as its client finds it. */
    String location(final String path, final RawConnection.Answer answer) {
        return root.resolve(path).resolve(answer.headers().get("location")).toString();
    }

    private static String name(final String header) {
        return header.substring(0, header.indexOf(':'));
    }

    private static String value(final String header) {
        return header.substring(header.indexOf(':') + 1).strip();
    }
}
