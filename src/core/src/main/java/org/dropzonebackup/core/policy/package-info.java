/** The rules for what may be stored: names, sizes, and space, which is reserved before it is used. */
package org.dropzonebackup.core.policy;
