package org.dropzonebackup.web.upload;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.dropzonebackup.core.receive.Receipt;

/** Writes the answer to an upload that was not refused. */
@FunctionalInterface
public interface Success {

    /**
     * Writes the answer; only the closing of the response is left to the caller.
     *
     * @param receipts of the files that this request published
     * @throws IOException if the client is gone
     */
    void write(HttpServletRequest request, HttpServletResponse response, List<Receipt> receipts) throws IOException;
}
