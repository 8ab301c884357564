/**
 * How fast the finished server is, beside other servers and beside what the machine gives at all. The method and what
 * came of it stand in {@code tools/bench/README.md}.
 */
package org.dropzonebackup.bench.speed;
