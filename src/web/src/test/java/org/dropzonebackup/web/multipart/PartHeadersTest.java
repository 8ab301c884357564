package org.dropzonebackup.web.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.dropzonebackup.core.refusal.RefusedException;
import org.dropzonebackup.web.headers.ContentDisposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartHeadersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            form-data; name="f"; filename="a.txt"                        | a.txt
            form-data; name=f; filename=a.txt                            | a.txt
            form-data; filename="a;b=c.txt"; name="f"                    | a;b=c.txt
            form-data; filename="say \\"hi\\".txt"                       | say "hi".txt
            form-data; filename="C:\\backup\\new.txt"                    | C:\\backup\\new.txt
            form-data; filename="100%22.txt"                             | 100%22.txt
            form-data; filename="=?UTF-8?B?xbEudHh0?="                   | ű.txt
            form-data; filename="=?UTF-8?Q?d=C3=B6?=.sql.gz"             | dö.sql.gz
            form-data; filename==?UTF-8?B?w7Y=?=.sql; name=f             | ö.sql
            form-data; filename="=?UTF-8?B?w7Y=?= =?UTF-8?Q?a_b?=.c d"   | öa b.c d
            form-data; filename="=?UTF-8?B?w7Y=?==?UTF-8?Q?=C3=A4?="     | öä
            form-data; filename="=?UTF-8?B?w7Y=?= =?UTF-8?Q?=C3=A4?="    | öä
            form-data; filename="=?utf-8?B?ZMM=?= =?utf-8?B?ti5zcWw=?="  | dö.sql
            form-data; filename="=?utf-8?B?ZMM=?==?UTF-8?Q?=B6?=.sql"    | dö.sql
            form-data; filename="=?utf-8?Q?d=C3?= =?utf-8?Q?=B6?= x.sql" | dö x.sql
            form-data; filename="=?utf-8?Q?d=C3?= =?latin1?Q?=F6?="      | =?utf-8?Q?d=C3?= ö
            form-data; filename="=?utf-8*de?Q?d=C3=B6?="                 | dö
            form-data; filename="=?UTF-8?Q?a=2?=.txt"                    | a=2.txt
            form-data; filename="=?UTF-8?Q?a=2x?=.txt"                   | =?UTF-8?Q?a=2x?=.txt
            form-data; filename="=?UTF-8?B?????=.txt"                    | =?UTF-8?B?????=.txt
            form-data; filename="=?klingon?Q?a?=.txt"                    | =?klingon?Q?a?=.txt
            form-data; filename=plain.txt; filename*=UTF-8''%C5%B1.txt   | ű.txt
            form-data; filename*=UTF-8''%C5%B1.txt; filename=plain.txt   | ű.txt
            form-data; filename*=iso-8859-1''%E4.txt                     | ä.txt
            form-data; filename*="UTF-8'de'%C5%B1ű.txt"                  | űű.txt
            form-data; filename*=UTF-8''%E4.txt; filename=plain.txt      | plain.txt
            form-data; filename*=klingon''%E4.txt; filename=plain.txt    | plain.txt
            attachment; FileName="a.txt"                                 | a.txt
            filename="a.txt"                                             | a.txt
            form-data; name="disk"; filename="5" disk.img"               | 5" disk.img
            form-data; name=f; filename="a.txt                           | a.txt
            """)
    void findsTheFileName(final String disposition, final String name) throws RefusedException {
        assertThat(ContentDisposition.parse(disposition).filename()).contains(name);
    }

    /** Each beginning of a word would else be looked at up to the end. */
    @Test
    @Timeout(2)
    void readsManyBeginningsOfWordsInTimeThatGrowsWithTheirNumber() throws RefusedException {
        final String beginnings = "=?a?q?".repeat(100_000);
        assertThat(ContentDisposition.parse("form-data; filename=\"" + beginnings + "\"").filename()).contains(beginnings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"form-data; filename*0=a; filename*1=b", "form-data; filename=x; filename*0*=UTF-8''a",
        "form-data; filename=a; filename=b", "form-data; filename*=UTF-8''a; filename*=UTF-8''b", "form-data; filename*=klingon''a",
        "form-data; filename*=UTF-8''%", "form-data; filename*=UTF-8''%4", "form-data; filename*=UTF-8''%E4", "form-data; filename*=a.txt",
        "form-data; name=\"f\" filename=\"a.txt\"", "form-data filename=\"a.txt\"; name=\"f\"",
        "form-data; name=\"f; filename=\"a.txt\"", "form-data; name=\"5\" disk\"; filename=\"5\" disk.img\""})
    void refusesANameThatCannotBeRead(final String disposition) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> ContentDisposition.parse(disposition));
    }

    @Test
    void tellsAnEmptyFileNameFromNone() throws RefusedException {
        assertThat(ContentDisposition.parse("form-data; name=f; filename").filename()).contains("");
        assertThat(ContentDisposition.parse("form-data; name=\"5\" disk\"").filename()).isEmpty();
        assertThat(ContentDisposition.parse("form-data; name*=UTF-8''d%C3%B6; name=d").name()).contains("d\u00f6");

        assertThat(ContentDisposition.parse("form-data; name=f; filename=\"\"").filename()).contains("");
        assertThat(ContentDisposition.parse("form-data; name=f").filename()).isEmpty();
        assertThat(ContentDisposition.parse("").filename()).isEmpty();
    }

    @Test
    void readsFoldedAndForeignHeaders() throws RefusedException {
        final byte[] bytes = "Content-Disposition: form-data;\r\n\tfilename=\"\u00e4.txt\"\r\nno header\r\nX: 1\r\nx: 2\r\nY: 3\r\ny:3\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        final PartHeaders headers = PartHeaders.parse(bytes, bytes.length);

        assertThat(headers.get("content-disposition")).contains("form-data; filename=\"\u00e4.txt\"");
        assertThat(headers.all("X")).containsExactly("1", "2");
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> headers.get("x"));
        assertThat(headers.get("y")).contains("3");
        assertThat(headers.get("content-type")).isEmpty();
    }
}
