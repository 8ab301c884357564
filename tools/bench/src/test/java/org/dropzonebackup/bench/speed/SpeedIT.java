package org.dropzonebackup.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dropzonebackup.launcher.Prerequisite;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shortest form of {@link SpeedProgram}: it says nothing of speed, but that all of it can be measured. */
class SpeedIT {

    @TempDir
    private Path directory;

    @Test
    void measuresEveryRowAndDrawsIt() throws Exception {
        Prerequisite.programs("cc", "nginx");
        SpeedProgram.run("--sizes", "4MiB", "--files", "50", "--clients", "50", "--seconds", "1", "--longest", "4MiB",
                "--ballast", "4MiB", "--rounds", "1", "--without", "Apache httpd,lighttpd,rclone,@tus/server",
                "--server", System.getProperty("dropzone.server.jar"), "--jetty", directory.resolve("none").toString(),
                "--directory", directory.toString(), "--results", directory.toString());

        final JSONArray rows = new JSONObject(Files.readString(directory.resolve("results.json"))).getJSONArray("rows");
        final List<String> names = new ArrayList<>();
        for (final Object each : rows) {
            final JSONObject row = (JSONObject) each;
            names.add(row.getString("name"));
            row.getJSONArray("entrants").forEach(entrant -> assertPositive((JSONObject) entrant));
            assertThat(row.getString("noise")).contains("stolen");
        }
        assertThat(names).containsExactly("raw-4MiB", "raw-synced-4MiB", "form-4MiB", "memory", "small", "small-synced",
                "slow", "start");
        assertThat(demands(rows)).contains("ours at least 2.00 × nginx, MB/s", "ours at least 0.80 × C files, files/s",
                "ours at least 50.0 arrived");
        assertThat(directory.resolve("results.svg")).content().contains("<rect", "nginx, 1 MiB");
        assertThat(directory).isDirectoryNotContaining(left -> left.getFileName().toString().startsWith("run"));
    }

    private static void assertPositive(final JSONObject entrant) {
        int figures = 0;
        for (final Measure measure : Measure.values()) {
            if (entrant.has(measure.unit())) {
                figures++;
                assertThat(entrant.getJSONArray(measure.unit()).getDouble(0)).as("%s: %s", entrant, measure)
                        .isNotNegative().isFinite();
            }
        }
        assertThat(figures).as("%s", entrant).isPositive();
    }

    private static List<String> demands(final JSONArray rows) {
        final List<String> demands = new ArrayList<>();
        rows.forEach(row -> ((JSONObject) row).getJSONArray("demands")
                .forEach(demand -> demands.add(((JSONObject) demand).getString("demand"))));
        return demands;
    }
}
