package org.dropzonebackup.web.problem;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A response that is complete for its client and not for Tomcat, which closes the request's body as soon as a response
 * has all the bytes of its {@code Content-Length}. The body is framed here, as one chunk (RFC 9112, section 7.1); Tomcat
 * adds no framing of its own to what bears {@code Connection: close} and no length. HTTP/1.1 only; the body has to be
 * written by one call.
 */
final class SelfFramedResponse extends HttpServletResponseWrapper {

    SelfFramedResponse(final HttpServletResponse response) {
        super(response);
        response.setHeader("Connection", "close");
        response.setHeader("Transfer-Encoding", "chunked");
    }

    /** Said by the framing. */
    @Override
    public void setContentLength(final int length) {
        // Nothing: a length besides chunks is forbidden (RFC 9112, section 6.2)
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        final ServletOutputStream out = super.getOutputStream();
        return new ServletOutputStream() {
            @Override
            public void write(final byte[] bytes, final int offset, final int length) throws IOException {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public void write(final int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public boolean isReady() {
                return out.isReady();
            }

            @Override
            public void setWriteListener(final WriteListener listener) {
                out.setWriteListener(listener);
            }
        };
    }
}
