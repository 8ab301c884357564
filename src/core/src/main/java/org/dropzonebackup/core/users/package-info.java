/**
 * The users file: a Java properties file in UTF-8 that servers share, edited by hand or by the admin tool. A wrong entry
 * affects only its user.
 */
package org.dropzonebackup.core.users;
