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
                .layer("upload").definedBy(WEB + ".upload..")
                .layer("tus").definedBy(WEB + ".tus..")
                .layer("resumable").definedBy(WEB + ".resumable..")
                .whereLayer("web").mayNotBeAccessedByAnyLayer()
                .whereLayer("problem").mayNotAccessAnyLayer()
                .whereLayer("auth").mayOnlyAccessLayers("problem")
                .whereLayer("page").mayOnlyAccessLayers("problem")
                .whereLayer("upload").mayOnlyAccessLayers("problem")
                .whereLayer("tus").mayOnlyAccessLayers("upload", "problem")
                .whereLayer("resumable").mayOnlyAccessLayers("upload", "problem")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(WEB));
    }
}
