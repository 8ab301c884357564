package org.dropzonebackup.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.dropzonebackup.core.refusal.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the names of files that are kept beside each other. */
class SeriesTest {

    private static final Instant NIGHT = Instant.parse("2026-11-30T02:17:00.999Z");
    private static final FileName.Rules RULES = new FileName.Rules(".~tmp", true);

    @ParameterizedTest
    @CsvSource({"db.dump, db.(time).dump", "a.tar.gz, a.(time).tar.gz", "db.sql.zst.gpg, db.(time).sql.zst.gpg", "a.1.gz, a.1.(time).gz",
        "README, README.(time)", ".profile, .profile.(time)", ".profile.gz, .profile.(time).gz", "v1. of May, v1. of May.(time)",
        "x.this-is-by-no-means-an-extension-of-a-file, x.this-is-by-no-means-an-extension-of-a-file.(time)",
        "db.2026-11-29T02-17-00Z.dump, db.2026-11-29T02-17-00Z.(time).dump"})
    void haveTheTimeBeforeTheExtension(final String name, final String pattern) throws RefusedException {
        final FileName first = RULES.name(name);
        final Series series = new Series(first);

        assertThat(series.name(NIGHT, 1)).hasToString(pattern.replace("(time)", "2026-11-30T02-17-00Z"));
        assertThat(series.name(NIGHT, 2)).hasToString(pattern.replace("(time)", "2026-11-30T02-17-00Z-2"));
        assertThat(RULES.allow(series.name(NIGHT, 2))).as("also on Windows").isTrue();
        assertThat(series.has(series.name(NIGHT, 1).toString())).isTrue();
        assertThat(series.has(series.name(NIGHT, 23).toString())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.dump", "db.2026-11-30T02-17-00Z", "db.2026-11-30T02-17-00Z.sql", "db.x2026-11-30T02-17-00Z.dump",
        "db.2026-11-30T02-17-00Z-.dump", "dc.2026-11-30T02-17-00Z.dump", "db..dump", ".dump", "db"})
    void doNotHaveOtherNames(final String other) throws RefusedException {
        assertThat(new Series(RULES.name("db.dump")).has(other)).isFalse();
    }

    @Test
    void areKnownByTheirNamesAlone() throws RefusedException {
        assertThat(Series.firstOf("db.2026-11-30T02-17-00Z-2.tar.gz").map(FileName::toString)).contains("db.tar.gz");
        assertThat(Series.firstOf("db.2026-11-29T02-17-00Z.2026-11-30T02-17-00Z.dump").map(FileName::toString))
                .contains("db.2026-11-29T02-17-00Z.dump");
        for (final String other : List.of("db.dump", "2026-11-30T02-17-00Z.dump", ".2026-11-30T02-17-00Z.dump",
                "db.2026-11-30T02-17-00Z.too.many", "db.2026-11-30.dump", "db.2026-11-30T02-17-00Z\n.x y")) {
            assertThat(Series.firstOf(other)).as(other).isEmpty();
        }
        final String longName = "a".repeat(250) + ".gz";
        assertThat(Series.commonText(new Series(RULES.name(longName)).name(NIGHT, 2).toString())).isEqualTo(Series.commonText(longName));
        assertThat(Series.commonText("db.2026-11-29T02-17-00Z.2026-11-30T02-17-00Z.dump")).isEqualTo("db.dump");
    }

    @Test
    void areFoundAmongOthersTheNewestFirst() throws RefusedException {
        assertThat(new Series(RULES.name("db.dump")).later(List.of("db.2025-12-31T23-59-59Z.dump", "db.dump", "db.txt",
                "db.2026-11-30T02-17-00Z-2.dump", "db.2026-11-30T02-17-00Z.sql", "db.2026-11-30T02-17-00Z.dump"))).map(FileName::toString)
                .containsExactly("db.2026-11-30T02-17-00Z.dump", "db.2026-11-30T02-17-00Z-2.dump", "db.2025-12-31T23-59-59Z.dump");
    }

    @Test
    void areShortenedWhereTheyAreTooLong() throws RefusedException {
        final Series series = new Series(RULES.name("\ud834\udd1e".repeat(62) + "x.jpg"));

        assertThat(series.name(NIGHT, 999_999)).hasToString("\ud834\udd1e".repeat(55) + ".2026-11-30T02-17-00Z-999999.jpg");
        assertThat(series.name(NIGHT, 1).toString()).startsWith(series.prefix());
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".lzma", ".Z", "."})
    void leaveRoomForTheTimeHoweverManyExtensionsThereAre(final String extension) throws RefusedException {
        final String name = "a" + extension.repeat(254 / extension.length());
        final FileName first = new FileName.Rules(".~tmp", false).name(name);

        assertThat(new FileName.Rules(".~tmp", false).allow(new Series(first).name(NIGHT, 999_999))).isTrue();
    }
}
