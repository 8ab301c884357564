package org.dropzonebackup.web.page;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;

/**
 * A CDI extension that names the page's beans. CDI does not look for others, because that would mean loading every class.
 * Registered in {@code META-INF/services}.
 */
public final class PageBeans implements Extension {

    void add(@Observes final BeforeBeanDiscovery discovery) {
        discovery.addAnnotatedType(UploadPage.class, UploadPage.class.getName());
    }
}
