package org.dropzonebackup.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A part of the contract whose outcome depends on the container: how it reads requests, when it answers, what it decides by
 * itself. All else is asked on one Tomcat and one Jetty, and on the others by the nightly run alone.
 */
@Tag("container")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface OnEveryContainer {
}
