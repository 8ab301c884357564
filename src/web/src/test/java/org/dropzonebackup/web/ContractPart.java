package org.dropzonebackup.web;

import java.io.IOException;
import java.net.URL;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** One part of the contract: asked of the finished WAR in a real container, with an empty box before each question. */
@ExtendWith(ArquillianExtension.class)
abstract class ContractPart {

    /** Where the application is. */
    @ArquillianResource
    URL root;

    @Deployment(testable = false)
    static WebArchive war() throws IOException {
        return Contract.war();
    }

    @BeforeEach
    void emptyTheBox() throws IOException {
        Contract.emptyTheBox();
    }
}
