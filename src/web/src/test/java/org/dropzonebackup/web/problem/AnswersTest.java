package org.dropzonebackup.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dropzonebackup.web.RequestStub;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true  | application/json                  | X-Nothing: 1
            true  | Application/JSON;q=0.1, */*       | X-Nothing: 1
            true  | application/problem+json          | Sec-Fetch-Dest: document
            true  | application/json, text/plain, */* | Sec-Fetch-Dest: empty
            true  | */*                               | Sec-Fetch-Dest: empty
            true  | */*;q=0.8                         | Sec-Fetch-Dest: empty
            true  |                                   | Sec-Fetch-Dest: empty
            true  |                                   | X-Requested-With: xmlhttprequest
            true  | */*                               | X-Requested-With: XMLHttpRequest
            true  | */*                               | Origin: http://a.example
            true  |                                   | Origin: null
            false | text/html, */*;q=0.8              | Origin: http://a.example
            false | */*                               | X-Requested-With: com.example.app
            false | text/plain                        | X-Requested-With: XMLHttpRequest
            false | text/plain                        | Sec-Fetch-Dest: empty
            false | text/html, */*;q=0.8              | Sec-Fetch-Dest: empty
            false | */*                               | Sec-Fetch-Dest: document
            false | */*                               | User-Agent: curl/8
            false |                                   | User-Agent: curl/8
            """)
    void writesJsonForWhoNamesItAndForScriptsThatNameNothing(final boolean json, final String accept, final String header) {
        final Map<String, List<String>> headers = new HashMap<>(Map.of(header.split(": ")[0], List.of(header.split(": ")[1])));
        if (accept != null) {
            headers.put("Accept", List.of(accept));
        }

        assertThat(Answers.wantsJson(RequestStub.of(Map.of(), headers))).isEqualTo(json);
    }
}
