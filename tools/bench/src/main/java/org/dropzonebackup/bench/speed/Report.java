package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.json.JSONWriter;

/** Results as a JSON file. Those of rows that were not run now stay as they are, so that a long table can be run in parts. */
final class Report {

    private static final String ROWS = "rows";

    private final Path file;
    private final String machine;
    /** By their names; who is measured again keeps its place. */
    private final Map<String, JSONObject> rows = new LinkedHashMap<>();

    /**
     * @param file there already, or not
     * @param machine on which all is run
     */
    Report(final Path file, final String machine) throws IOException {
        this.file = file;
        this.machine = machine;
        if (Files.exists(file)) {
            for (final Object row : new JSONObject(Files.readString(file)).getJSONArray(ROWS)) {
                put((JSONObject) row);
            }
        }
    }

    /** All rows that the file has. */
    JSONArray rows() {
        return new JSONArray(rows.values());
    }

    void add(final Result result) throws IOException {
        put(new JSONObject(written(result)));
        Files.writeString(file, new JSONObject().put(ROWS, rows()).toString(1) + "\n");
    }

    private void put(final JSONObject row) {
        rows.put(row.getString("name"), row);
    }

    private String written(final Result result) {
        final StringWriter text = new StringWriter();
        final JSONWriter json = new JSONWriter(text);
        json.object().key("name").value(result.row().name()).key("title").value(result.row().title())
                .key("machine").value(machine).key("noise").value(result.noise().toString())
                .key("entrants").array();
        for (final String entrant : result.entrants()) {
            json.object().key("name").value(entrant);
            for (final Measure measure : result.measures(entrant)) {
                json.key(measure.unit()).value(result.of(entrant, measure).values());
            }
            json.endObject();
        }
        json.endArray().key("demands").array();
        for (final Demand demand : result.row().demands()) {
            if (demand.canBeJudged(result)) {
                json.object().key("demand").value(demand.toString()).key("seen").value(demand.seen(result).values())
                        .key("reached").value(demand.isReached(result)).endObject();
            }
        }
        json.endArray().endObject();
        return text.toString();
    }
}
