package org.dropzonebackup.core;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Tests which packages of the core may import which. */
class ArchitectureTest {

    private static final String CORE = "org.dropzonebackup.core.";

    private final JavaClasses core = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dropzonebackup.core");

    @Test
    void packagesImportOnlyWhatTheyMay() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("log").definedBy(CORE + "log")
                .layer("threads").definedBy(CORE + "threads")
                .layer("units").definedBy(CORE + "units")
                .layer("files").definedBy(CORE + "files")
                .layer("refusal").definedBy(CORE + "refusal")
                .layer("config").definedBy(CORE + "config")
                .layer("users").definedBy(CORE + "users")
                .layer("auth").definedBy(CORE + "auth")
                .layer("challenge").definedBy(CORE + "challenge")
                .layer("policy").definedBy(CORE + "policy")
                .layer("store").definedBy(CORE + "store")
                .layer("local").definedBy(CORE + "store.local")
                .layer("journal").definedBy(CORE + "journal")
                .layer("signing").definedBy(CORE + "signing")
                .layer("receive").definedBy(CORE + "receive")
                .layer("retention").definedBy(CORE + "retention")
                .layer("verify").definedBy(CORE + "verify")
                .layer("events").definedBy(CORE + "events")
                .layer("freshness").definedBy(CORE + "freshness")
                .whereLayer("log").mayNotAccessAnyLayer()
                .whereLayer("threads").mayNotAccessAnyLayer()
                .whereLayer("units").mayNotAccessAnyLayer()
                .whereLayer("files").mayNotAccessAnyLayer()
                .whereLayer("refusal").mayOnlyAccessLayers("units")
                .whereLayer("config").mayOnlyAccessLayers("units", "files", "policy", "events")
                .whereLayer("events").mayOnlyAccessLayers("log", "journal", "files")
                .whereLayer("users").mayOnlyAccessLayers("units", "files", "policy")
                .whereLayer("auth").mayOnlyAccessLayers("users")
                .whereLayer("challenge").mayOnlyAccessLayers("auth", "refusal")
                .whereLayer("policy").mayOnlyAccessLayers("threads", "units", "refusal")
                .whereLayer("store").mayOnlyAccessLayers("policy", "refusal", "threads")
                .whereLayer("local").mayOnlyAccessLayers("log", "store", "policy", "files", "threads")
                .whereLayer("signing").mayOnlyAccessLayers("log", "files")
                .whereLayer("journal").mayOnlyAccessLayers("log", "threads", "files")
                .whereLayer("receive").mayOnlyAccessLayers("log", "signing", "journal", "store", "policy", "refusal", "threads")
                .whereLayer("retention").mayOnlyAccessLayers("log", "files", "journal", "store", "policy", "users")
                .whereLayer("freshness").mayOnlyAccessLayers("log", "journal", "users", "policy", "files")
                .whereLayer("verify").mayOnlyAccessLayers("log", "units", "journal", "signing", "store", "policy", "files")
                .check(core);
    }

    @Test
    void coreKnowsNoHttp() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("jakarta..", "javax.servlet..", "java.net.http..")
                .check(core);
    }
}
