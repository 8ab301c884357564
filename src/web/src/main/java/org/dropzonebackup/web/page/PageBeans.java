package org.dropzonebackup.web.page;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;

/**
 * Names the page's beans to CDI, which looks for no others: to look at every class takes long where the WAR is not
 * unpacked. Found by its name in {@code META-INF/services}.
 */
public final class PageBeans implements Extension {

    void add(@Observes final BeforeBeanDiscovery discovery) {
        discovery.addAnnotatedType(UploadPage.class, UploadPage.class.getName());
    }
}
