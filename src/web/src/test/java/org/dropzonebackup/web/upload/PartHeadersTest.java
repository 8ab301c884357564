package org.dropzonebackup.web.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            form-data; filename="=?klingon?Q?a?=.txt"                    | =?klingon?Q?a?=.txt
            form-data; filename=plain.txt; filename*=UTF-8''%C5%B1.txt   | ű.txt
            form-data; filename*=UTF-8''%C5%B1.txt; filename=plain.txt   | ű.txt
            form-data; filename*=iso-8859-1''%E4.txt                     | ä.txt
            form-data; filename*=klingon''%E4.txt; filename=plain.txt    | plain.txt
            attachment; FileName="a.txt"                                 | a.txt
            """)
    void findsTheFileName(final String disposition, final String name) {
        assertThat(ContentDisposition.parse(disposition).filename()).contains(name);
    }

    /** Each beginning of a word would else be looked at up to the end. */
    @Test
    @Timeout(2)
    void readsManyBeginningsOfWordsInTimeThatGrowsWithTheirNumber() {
        final String beginnings = "=?a?q?".repeat(100_000);
        assertThat(ContentDisposition.parse("form-data; filename=\"" + beginnings + "\"").filename()).contains(beginnings);
    }

    @Test
    void tellsAnEmptyFileNameFromNone() {
        assertThat(ContentDisposition.parse("form-data; name=f; filename=\"\"").filename()).contains("");
        assertThat(ContentDisposition.parse("form-data; name=f").filename()).isEmpty();
        assertThat(ContentDisposition.parse("").filename()).isEmpty();
    }

    @Test
    void readsFoldedAndForeignHeaders() {
        final byte[] bytes = "Content-Disposition: form-data;\r\n\tfilename=\"\u00e4.txt\"\r\nno header\r\nX: 1\r\nx: 2\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        final PartHeaders headers = PartHeaders.parse(bytes, bytes.length);

        assertThat(headers.get("content-disposition")).contains("form-data; filename=\"\u00e4.txt\"");
        assertThat(headers.get("x")).contains("1");
        assertThat(headers.get("content-type")).isEmpty();
    }
}
