package org.dropzonebackup.launcher;

import java.lang.reflect.Proxy;

/**
 * The signal by which administrators have a service read its files anew (SIGHUP). Java has no public way to handle one, and
 * ends by it otherwise; {@code sun.misc.Signal} is what all use, and is exported for that (JEP 260). It is called by its
 * name, as the compiler warns of it in a way that cannot be turned off.
 */
final class HangUp {

    private static final String SIGNAL = "HUP";

    private HangUp() {
    }

    /**
     * Has something done at each signal from now on, on a thread of its own. Where signals cannot be handled, as on Windows
     * or with {@code -Xrs}, all stays as it is.
     */
    static void handle(final Runnable action) {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object acting = Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {handler},
                    (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(SIGNAL), acting);
        } catch (final ReflectiveOperationException e) {
            System.getLogger(HangUp.class.getName()).log(System.Logger.Level.DEBUG, "no signals here", e);
        }
    }
}
