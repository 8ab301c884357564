/** The admin tool: edits the shared users file, and tells what is wrong with it. */
package org.dropzonebackup.admin;
