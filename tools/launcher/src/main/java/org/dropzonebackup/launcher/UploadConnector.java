package org.dropzonebackup.launcher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.CharBuffer;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.InputBuffer;
import org.apache.catalina.connector.Request;

/**
 * Tomcat's connector, with requests that are small. Each has room for 8,192 characters of its body, a fifth of all the
 * memory that it takes, and cannot be told otherwise; here bodies are read as bytes, and thousands are open at once.
 */
final class UploadConnector extends Connector {

    private static final VarHandle CHARACTERS = characters();
    /** Whoever reads characters all the same gets them, a few at a time. */
    private static final int FEW = 16;

    UploadConnector(final UploadProtocol protocol) {
        super(protocol);
    }

    private static VarHandle characters() {
        try {
            return MethodHandles.privateLookupIn(InputBuffer.class, MethodHandles.lookup())
                    .findVarHandle(InputBuffer.class, "cb", CharBuffer.class);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("not the Tomcat that this server is made of", e);
        }
    }

    @Override
    public Request createRequest(final org.apache.coyote.Request request) {
        return new SmallRequest(this, request);
    }

    private static final class SmallRequest extends Request {

        SmallRequest(final Connector connector, final org.apache.coyote.Request request) {
            super(connector, request);
            CHARACTERS.set(inputBuffer, CharBuffer.allocate(FEW));
        }
    }
}
