/** The web application: built in one place and handed to the container. */
package org.dropzonebackup.web;
