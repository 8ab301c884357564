/** The admin tool: edits the shared users file and tells what is wrong with it; lists and removes unfinished uploads. */
package org.dropzonebackup.admin;
