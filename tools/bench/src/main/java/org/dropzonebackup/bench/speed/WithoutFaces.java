package org.dropzonebackup.bench.speed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Makes a server jar that has no page, and none of the libraries that only the page needs. */
final class WithoutFaces {

    private static final String WAR = "dropzone.war";
    private static final String DESCRIPTOR = "WEB-INF/web.xml";
    private static final Pattern LEFT_OUT = Pattern.compile(
            "WEB-INF/(beans|faces-config)\\.xml|WEB-INF/lib/(jakarta|weld|jboss)[.-].*");
    private static final Pattern FACES_SERVLET = Pattern.compile("(?s)<(servlet|servlet-mapping)>.*?</\\1>");

    private WithoutFaces() {
    }

    static Path make(final Path jar, final Path without) throws IOException {
        try (InputStream in = Files.newInputStream(jar); OutputStream out = Files.newOutputStream(without)) {
            copy(in, out, true);
        }
        return without;
    }

    private static void copy(final InputStream from, final OutputStream to, final boolean outer) throws IOException {
        final ZipInputStream in = new ZipInputStream(from);
        final ZipOutputStream out = new ZipOutputStream(to);
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (outer || !LEFT_OUT.matcher(entry.getName()).matches()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(changed(entry.getName(), in.readAllBytes()));
            }
        }
        out.finish();
    }

    private static byte[] changed(final String name, final byte... content) throws IOException {
        if (name.equals(WAR)) {
            final ByteArrayOutputStream war = new ByteArrayOutputStream();
            copy(new ByteArrayInputStream(content), war, false);
            return war.toByteArray();
        }
        return name.equals(DESCRIPTOR)
                ? FACES_SERVLET.matcher(new String(content, StandardCharsets.UTF_8)).replaceAll("").getBytes(StandardCharsets.UTF_8)
                : content;
    }
}
