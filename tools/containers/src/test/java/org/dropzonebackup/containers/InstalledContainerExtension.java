package org.dropzonebackup.containers;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Tells Arquillian of {@link InstalledContainer}, on class paths where it is named as a service. */
public final class InstalledContainerExtension implements LoadableExtension {

    @Override
    public void register(final ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, InstalledContainer.class);
    }
}
