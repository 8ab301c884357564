package org.dropzonebackup.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the packaged admin jar with files in the encodings that editors write. */
class EncodingsIT {

    private static final String HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$dGFndGFndGFndGFndGFndGFn";

    @TempDir
    private Path directory;
    private AdminProcess admin;

    @BeforeEach
    void useTheDirectory() {
        admin = new AdminProcess(directory);
    }

    @Test
    void acceptsFilesWithAByteOrderMark() throws Exception {
        Files.writeString(admin.usersFile(), "\uFEFFalice.directory = B\u00fcro\r\n");
        final Path passwd = Files.writeString(directory.resolve("passwd"), "\uFEFFbob:b\u00fcro:W:" + HASH + "\r\n");

        assertThat(admin.run("", "check", "--upload-base-dir", directory.toString())).isEqualTo(1);
        assertThat(admin.output()).contains("user alice: there is no directory").doesNotContain("line 1");
        assertThat(admin.run("", "moduser", "--username", "alice", "--quota", "5")).as(admin.output()).isZero();
        assertThat(admin.run("", "import", "--passwd", passwd.toString())).as(admin.output()).isZero();

        assertThat(Files.readString(admin.usersFile())).isEqualTo("alice.directory = B\u00fcro\r\nalice.quota = 5\nbob.password = "
                + HASH + "\nbob.directory = b\u00fcro\nbob.permissions = W\n");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16, line 1 is not UTF-8 but UTF-16", "windows-1252, line 2 is not UTF-8"})
    void rejectsOtherEncodingsAndChangesNothing(final String encoding, final String said) throws Exception {
        final byte[] users = "alice.quota = 5\r\nalice.directory = B\u00fcro\r\n".getBytes(Charset.forName(encoding));
        Files.write(admin.usersFile(), users);
        final Path passwd = directory.resolve("passwd");
        Files.write(passwd, ("# ours\r\nbob:b\u00fcro:W:" + HASH + "\r\n").getBytes(Charset.forName(encoding)));

        for (final String command : new String[] {"check", "listusers", "listuploads", "deluser -u alice", "moduser -u alice --enable",
            "adduser -u bob --password-stdin", "passwd -u alice --password-stdin"}) {
            assertThat(admin.run("secret77\n", command.split(" "))).as(command).isEqualTo(1);
            assertThat(admin.output()).as(command).hasLineCount(1)
                    .contains(said, "save it as UTF-8", admin.usersFile().toString()).doesNotContain("Exception");
        }
        assertThat(admin.usersFile()).hasBinaryContent(users);
        Files.delete(admin.usersFile());
        assertThat(admin.run("", "import", "--passwd", passwd.toString())).isEqualTo(1);
        assertThat(admin.output()).hasLineCount(1).contains(said, "save it as UTF-8", passwd.toString()).doesNotContain("Exception");
    }

    @Test
    void changesNothingIfALineContinuesIntoTheNextEntry() throws Exception {
        final String users = "alice.directory = D:\\\nbob.password = " + HASH + "\n";
        Files.writeString(admin.usersFile(), users);
        for (final String command : new String[] {"deluser -u alice", "moduser -u alice --prefix D:/uploads"}) {
            assertThat(admin.run("", command.split(" "))).as(command).isEqualTo(1);
            assertThat(admin.output()).as(command).contains("line 1: there is a single backslash at its end");
        }
        assertThat(admin.usersFile()).hasContent(users);
    }

    @Test
    void saysWhichFileIsMissing() throws Exception {
        for (final String command : new String[] {"check", "listusers", "listuploads", "import --passwd " + directory.resolve("passwd")}) {
            assertThat(admin.run("", command.split(" "))).as(command).isEqualTo(1);
            assertThat(admin.output()).as(command).hasLineCount(1).contains("there is no ").doesNotContain("Exception");
        }
    }
}
