package org.dropzonebackup.web;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request in chunks may be cut anywhere on its way: a read that brings nothing but framing is not the end. */
abstract class CutPart extends ContractPart {

    private final int cuts;
    private CutUploads uploads;

    /** @param cuts of each request */
    CutPart(final int cuts) {
        this.cuts = cuts;
    }

    @BeforeEach
    void aimAtTheBox() {
        uploads = new CutUploads(root, "alice", Contract.PASSWORD, Contract.BOX, cuts);
    }

    @ParameterizedTest
    @EnumSource
    void storesAnUploadHoweverItIsCut(final CutUploads.Kind kind) throws IOException {
        uploads.send(kind);
    }
}
