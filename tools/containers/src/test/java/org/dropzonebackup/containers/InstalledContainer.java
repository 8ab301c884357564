package org.dropzonebackup.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/** Lets Arquillian run containers as an administrator installs them, each once for all parts of the contract. */
public final class InstalledContainer implements DeployableContainer<InstalledContainer.Configuration> {

    /** What the contract has laid out already. */
    private static final Set<String> KEPT = Set.of("uploads", "users.properties", "dropzone.properties");

    private Installation installation;
    private RunningContainer running;

    /** What {@code arquillian.xml} says. */
    public static final class Configuration implements ContainerConfiguration {

        private String installation;

        public String getInstallation() {
            return installation;
        }

        /** @param installation the name of an {@link Installation} */
        public void setInstallation(final String installation) {
            this.installation = installation;
        }

        @Override
        public void validate() {
            Installation.valueOf(installation);
        }
    }

    @Override
    public Class<Configuration> getConfigurationClass() {
        return Configuration.class;
    }

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Servlet 5.0");
    }

    @Override
    public void setup(final Configuration configuration) {
        installation = Installation.valueOf(configuration.getInstallation());
    }

    /** Starts it with the web application in it, as an administrator would, when the first part wants it; all want the same. */
    @Override
    public ProtocolMetaData deploy(final Archive<?> archive) throws DeploymentException {
        if (running == null) {
            start(archive);
        }
        final HTTPContext context = new HTTPContext(running.root().getHost(), running.port());
        return new ProtocolMetaData().addContext(context.add(new Servlet("upload", "/dropzone")));
    }

    private void start(final Archive<?> archive) throws DeploymentException {
        final Path directory = Path.of(System.getProperty("contract.directory"));
        try {
            clear(directory);
            final Path war = directory.resolve(archive.getName());
            archive.as(ZipExporter.class).exportTo(war.toFile(), true);
            running = new RunningContainer(installation, new Site(directory, war, directory.resolve("uploads"),
                    directory.resolve("users.properties"), directory.resolve("dropzone.properties"),
                    Site.freePort()));
        } catch (final IOException e) {
            throw new DeploymentException("cannot start " + installation, e);
        }
    }

    /** What an earlier run left. */
    private static void clear(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory) && !KEPT.contains(directory.relativize(file).getName(0).toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void undeploy(final Archive<?> archive) {
        // The next part of the contract is asked of it too
    }

    @Override
    public void stop() throws LifecycleException {
        if (running == null) {
            return;
        }
        try {
            running.terminate();
            running.exitStatus();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("interrupted", e);
        }
    }
}
