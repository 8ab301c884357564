package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Makes a server jar that has no page, and none of the libraries that only the page needs. */
final class WithoutFaces {

    private static final String DESCRIPTOR = "webapp/WEB-INF/web.xml";
    private static final Pattern LEFT_OUT = Pattern.compile("webapp/WEB-INF/(beans|faces-config)\\.xml"
            + "|(META-INF/services/|jakarta[./])(jakarta\\.)?(faces|enterprise|inject|interceptor|websocket)[./].*|(com/sun/faces|org/jboss)/.*");
    private static final Pattern FACES_SERVLET = Pattern.compile("(?s)<(servlet|servlet-mapping)>.*?</\\1>");

    private WithoutFaces() {
    }

    static Path make(final Path jar, final Path without) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(without))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!LEFT_OUT.matcher(entry.getName()).matches()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(changed(entry.getName(), in.readAllBytes()));
                }
            }
        }
        return without;
    }

    private static byte[] changed(final String name, final byte... content) {
        return name.equals(DESCRIPTOR)
                ? FACES_SERVLET.matcher(new String(content, StandardCharsets.UTF_8)).replaceAll("").getBytes(StandardCharsets.UTF_8)
                : content;
    }
}
