/*
 * secrecy - what this process holds in memory stays there: the keys, and personal data in clear.
 *
 * A core file would have all of it, and who runs as the same user could read it through /proc or a debugger. Root still
 * can.
 */
#ifndef KERJA_BASE_SECRECY_H
#define KERJA_BASE_SECRECY_H

/* From now on the process writes no core file, and is no one's to look into. Called first in main. */
void secrecy_begin(void);

#endif
