package org.dropzonebackup.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dropzonebackup.web.Contract.BOX;
import static org.dropzonebackup.web.Contract.names;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with directories before their names, on every container. */
@RunAsClient
@OnEveryContainer
class PathsIT extends ContractPart {

    private static final String JSON = "Accept: application/json";

    @ParameterizedTest
    @EnumSource(names = {"PUT", "POST", "WHOLE_BY_DRAFT", "FORM", "MIXED", "DRAFT", "TUS_WITH_UPLOAD"})
    void storesAFileWhereItsPathSaysOrNowhere(final Way way, @TempDir final Path elsewhere) throws Exception {
        new SubmittedPaths(root, BOX, elsewhere, path -> path.contains("%2F") && ContainerLimit.REFUSES_SLASHES_ITSELF.isHere()
                || path.contains("%5C") && ContainerLimit.REFUSES_PATHS_ITSELF.isHere()).send(way);
    }

    @Test
    void tellsWhichFilesOfAFormArrived() throws Exception {
        final Caller bob = new Caller(root, "bob", "Content-Type: multipart/form-data; boundary=b");
        final String text = bob.ask("POST", "upload", Way.FORM.form(Way.part("photos/a.txt", "1"), Way.part("photos/2020/a.txt", "2"))).body();
        assertThat(text).isEqualTo("OK\nphotos/a.txt\nphotos/2020/a.txt\n");
        assertThat(bob.ask("POST", "upload", Way.FORM.form(Way.part("photos/b.txt", "1"))).body()).isEqualTo("OK");

        final JSONArray files = new JSONObject(bob.ask("POST", "upload",
                Way.FORM.form(Way.part("photos/c.txt", "1"), Way.part("C:\\logs\\c.txt", "2"), "Content-Type: application/octet-stream\r\n\r\n3"),
                JSON).body()).getJSONArray("files");
        assertThat(files).map(file -> ((JSONObject) file).optString("submittedName", "none"))
                .containsExactly("photos/c.txt", "C:\\logs\\c.txt", "none");
        assertThat(files).map(file -> ((JSONObject) file).getString("name")).startsWith("photos/c.txt", "c.txt").hasSize(3);
        assertThat(names()).hasSize(6).contains("photos/2020/a.txt", "photos/c.txt");
    }

    /** As Uppy sends it. */
    @ParameterizedTest
    @CsvSource({"photos/2020/a.txt, photos/2020/a.txt", "/photos/a.txt, photos/a.txt", "null, name.txt", "'', name.txt"})
    void readsTheRelativePathInTheMetadataOfTus(final String relativePath, final String stored) throws Exception {
        final RawConnection.Answer answer = new Caller(root, "bob", "Tus-Resumable: 1.0.0").ask("POST", "files", "", "Upload-Length: 0",
                "Upload-Metadata: relativePath " + base64(relativePath) + ",name " + base64("name.txt") + ",filename " + base64("name.txt"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(names()).containsExactly(stored);
    }

    @Test
    void takesAFormWithTwoFilesOfOneNameInDifferentDirectoriesAlone() throws Exception {
        final Caller bob = new Caller(root, "bob", "Content-Type: multipart/form-data; boundary=b");
        assertThat(bob.ask("POST", "upload", Way.FORM.form(Way.part("a/x", "1"), Way.part("b/x", "2"))).status()).isEqualTo(200);
        assertThat(bob.ask("POST", "upload", Way.FORM.form(Way.part("c/x", "1"), Way.part("c/x", "2"))).status()).isEqualTo(409);
        assertThat(bob.ask("POST", "upload", Way.FORM.form(Way.part("d/x", "1"), Way.part("a/x", "2"))).status()).isEqualTo(409);
        assertThat(Contract.stored()).filteredOn(Files::isDirectory).map(path -> BOX.relativize(path).toString())
                .containsExactlyInAnyOrder("a", "b");
    }

    private static String base64(final String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }
}
