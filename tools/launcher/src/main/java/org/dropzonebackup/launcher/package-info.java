/** The server jar: the web application on an embedded Jetty, set up by options. */
package org.dropzonebackup.launcher;
