/** Who may upload: passwords verified at bounded cost, remembered for a short time, guessed only slowly. */
package org.dropzonebackup.core.auth;
