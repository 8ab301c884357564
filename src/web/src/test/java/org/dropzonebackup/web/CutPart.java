package org.dropzonebackup.web;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void storesARawUploadHoweverItIsCut() throws IOException {
        uploads.raw();
    }

    @Test
    void storesAFormHoweverItIsCut() throws IOException {
        uploads.form();
    }

    @Test
    void storesThePagesFormHoweverItIsCut() throws IOException {
        uploads.page();
    }

    @Test
    void storesAPieceOfTusHoweverItIsCut() throws IOException {
        uploads.tus();
    }

    @Test
    void storesAPieceOfTheDraftHoweverItIsCut() throws IOException {
        uploads.draft();
    }
}
