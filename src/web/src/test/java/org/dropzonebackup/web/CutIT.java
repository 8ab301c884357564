package org.dropzonebackup.web;

import org.jboss.arquillian.container.test.api.RunAsClient;

/** Each request cut in two, anywhere. */
@RunAsClient
@OnEveryContainer
class CutIT extends CutPart {

    CutIT() {
        super(1);
    }
}
