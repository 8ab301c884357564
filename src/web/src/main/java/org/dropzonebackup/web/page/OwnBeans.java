package org.dropzonebackup.web.page;

import org.jboss.weld.environment.servlet.Container;
import org.jboss.weld.environment.servlet.ContainerContext;
import org.jboss.weld.resources.spi.ResourceLoader;

/**
 * A container integration for Weld that integrates nothing. No servlet or filter wants beans, and the container is already
 * running when Weld starts. Named in {@code web.xml}.
 */
public final class OwnBeans implements Container {

    @Override
    public boolean touch(final ResourceLoader resources, final ContainerContext context) {
        return true;
    }

    @Override
    public void initialize(final ContainerContext context) {
        // Nothing of the container changes
    }

    @Override
    public void destroy(final ContainerContext context) {
        // Nothing of the container was changed
    }
}
