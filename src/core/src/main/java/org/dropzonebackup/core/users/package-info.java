/**
 * The users file: a Java properties file in UTF-8, shared between servers and edited by hand or by the admin tool.
 * A wrong entry costs only the user whom it is about.
 */
package org.dropzonebackup.core.users;
