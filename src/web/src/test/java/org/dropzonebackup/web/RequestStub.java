package org.dropzonebackup.web;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A request of which nothing can be asked but what a test says; anything else fails. */
public final class RequestStub {

    private RequestStub() {
    }

    /**
     * @param answers by the name of the method that is asked, without parameters
     * @param headers values by name
     */
    public static HttpServletRequest of(final Map<String, Object> answers, final Map<String, List<String>> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(RequestStub.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> {
                    if (arguments == null && answers.containsKey(method.getName())) {
                        return answers.get(method.getName());
                    }
                    return switch (method.getName()) {
                        case "getHeader" -> headers.getOrDefault(arguments[0], List.of()).stream().findFirst().orElse(null);
                        case "getHeaders" -> Collections.enumeration(headers.getOrDefault(arguments[0], List.of()));
                        case "getAttribute" -> null;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }
}
