package org.dropzonebackup.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.json.JSONStringer;

/** Log lines as JSON objects (RFC 8259), one a line, for programs that collect logs. Safe for threads. */
public final class JsonFormatter extends Formatter {

    @Override
    public String format(final LogRecord record) {
        final JSONStringer json = new JSONStringer();
        json.object().key("time").value(record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
                .key("level").value(record.getLevel().getName()).key("logger").value(record.getLoggerName())
                .key("thread").value(Thread.currentThread().getName()).key("message").value(formatMessage(record));
        if (record.getThrown() != null) {
            final StringWriter trace = new StringWriter();
            record.getThrown().printStackTrace(new PrintWriter(trace));
            json.key("exception").value(trace.toString());
        }
        return json.endObject() + System.lineSeparator();
    }
}
