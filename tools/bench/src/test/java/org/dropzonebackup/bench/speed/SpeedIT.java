package org.dropzonebackup.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dropzonebackup.core.Nightly;
import org.dropzonebackup.core.Prerequisite;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shortest form of {@link SpeedProgram}: it says nothing of speed, but that all of it can be measured. */
class SpeedIT {

    @TempDir
    private Path directory;

    static Stream<Arguments> rows() {
        return Nightly.cases(Stream.of(
                Arguments.of("raw", List.of("raw-4MiB", "raw-synced-4MiB"), List.of("ours at least 2.00 × nginx, MB/s"), "nginx, 1 MiB"),
                Arguments.of("form,memory,small,slow,start",
                        List.of("form-4MiB", "memory", "small", "small-synced", "slow", "start"),
                        List.of("ours at least 0.80 × C files, files/s", "ours at least 50.0 arrived"), "nginx")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void measuresEveryRowAndDrawsIt(final String some, final List<String> rows, final List<String> demanded, final String drawn)
            throws Exception {
        Prerequisite.programs("cc", "nginx");
        SpeedProgram.run("--rows", some, "--sizes", "4MiB", "--files", "50", "--clients", "50", "--seconds", "1", "--longest", "4MiB",
                "--ballast", "4MiB", "--rounds", "1", "--without", "Apache httpd,lighttpd,rclone,@tus/server",
                "--server", System.getProperty("dropzone.server.jar"), "--jetty", directory.resolve("none").toString(),
                "--directory", directory.toString(), "--results", directory.toString());

        final JSONArray results = new JSONObject(Files.readString(directory.resolve("results.json"))).getJSONArray("rows");
        final List<String> names = new ArrayList<>();
        for (final Object each : results) {
            final JSONObject row = (JSONObject) each;
            names.add(row.getString("name"));
            row.getJSONArray("entrants").forEach(entrant -> assertPositive((JSONObject) entrant));
            assertThat(row.getString("noise")).contains("stolen");
        }
        assertThat(names).isEqualTo(rows);
        assertThat(demands(results)).containsAll(demanded);
        assertThat(directory.resolve("results.svg")).content().contains("<rect", drawn);
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
