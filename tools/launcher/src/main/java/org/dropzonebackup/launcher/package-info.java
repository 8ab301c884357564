/** The server jar: the web application on an embedded Tomcat, set up by options. */
package org.dropzonebackup.launcher;
