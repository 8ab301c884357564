package org.dropzonebackup.web;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container decides before any application is asked, so that the promise cannot be kept there. The README's
 * section on deployment names each. The contract asks that a container with a limit really has it: one that got rid of
 * it is noticed.
 */
enum ContainerLimit {

    /** {@code 100 Continue} is sent at once, also to a client whose upload will be refused. */
    CONTINUES_AT_ONCE,

    /** Paths that two programs may read differently are refused with 400, but not in this application's words. */
    REFUSES_PATHS_ITSELF,

    /** The same for an encoded slash, unless it is told to pass it through, as the shipped {@code server.xml} tells Tomcat. */
    REFUSES_SLASHES_ITSELF;

    private static final Set<ContainerLimit> HERE = Stream.of(System.getProperty("contract.limits").split(","))
            .filter(name -> !name.isBlank())
            .map(ContainerLimit::valueOf)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(ContainerLimit.class)));

    /** Whether the container of this run has it. */
    boolean isHere() {
        return HERE.contains(this);
    }
}
