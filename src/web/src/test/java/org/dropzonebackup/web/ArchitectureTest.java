package org.dropzonebackup.web;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The packages of the web application and who may import whom. */
class ArchitectureTest {

    private static final String WEB = "org.dropzonebackup.web";

    @Test
    void packagesImportOnlyWhatTheyMay() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("web").definedBy(WEB)
                .layer("problem").definedBy(WEB + ".problem..")
                .layer("auth").definedBy(WEB + ".auth..")
                .layer("page").definedBy(WEB + ".page..")
                .layer("headers").definedBy(WEB + ".headers..")
                .layer("multipart").definedBy(WEB + ".multipart..")
                .layer("upload").definedBy(WEB + ".upload..")
                .layer("pieces").definedBy(WEB + ".pieces..")
                .layer("metrics").definedBy(WEB + ".metrics..")
                .layer("health").definedBy(WEB + ".health..")
                .layer("events").definedBy(WEB + ".events..")
                .layer("proof").definedBy(WEB + ".proof..")
                .layer("tus").definedBy(WEB + ".tus..")
                .layer("resumable").definedBy(WEB + ".resumable..")
                .whereLayer("web").mayNotBeAccessedByAnyLayer()
                .whereLayer("problem").mayNotAccessAnyLayer()
                .whereLayer("auth").mayOnlyAccessLayers("problem")
                .whereLayer("page").mayOnlyAccessLayers("problem")
                .whereLayer("headers").mayOnlyAccessLayers("problem")
                .whereLayer("multipart").mayOnlyAccessLayers("headers")
                .whereLayer("upload").mayOnlyAccessLayers("multipart", "headers", "problem")
                .whereLayer("pieces").mayOnlyAccessLayers("upload", "headers", "problem")
                .whereLayer("metrics").mayOnlyAccessLayers("upload", "headers", "problem")
                .whereLayer("health").mayOnlyAccessLayers("problem")
                .whereLayer("events").mayNotAccessAnyLayer()
                .whereLayer("proof").mayOnlyAccessLayers("problem")
                .whereLayer("tus").mayOnlyAccessLayers("pieces", "upload", "headers", "problem")
                .whereLayer("resumable").mayOnlyAccessLayers("pieces", "upload", "headers", "problem")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(WEB));
    }
}
