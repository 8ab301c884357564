package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.dropzonebackup.core.receive.Receipt;

/** What a client is told of an upload that is not refused. */
@FunctionalInterface
public interface Success {

    /**
     * Answers; the response is complete then, but for its closing.
     *
     * @param receipts of what is published now
     * @throws IOException if the client is gone
     */
    void write(HttpServletRequest request, HttpServletResponse response, List<Receipt> receipts) throws IOException;
}
