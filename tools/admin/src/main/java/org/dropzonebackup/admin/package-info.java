/** The admin tool: edits and checks the users file, lists and removes unfinished uploads. */
package org.dropzonebackup.admin;
