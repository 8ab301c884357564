package org.dropzonebackup.web;

import org.jboss.arquillian.container.test.api.RunAsClient;

/** Each request cut at any two places of its body, so that each part of the framing comes alone. */
@RunAsClient
class CutTwiceIT extends CutPart {

    CutTwiceIT() {
        super(2);
    }
}
