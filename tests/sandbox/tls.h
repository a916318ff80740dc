/* A certificate for 127.0.0.1 and localhost, by a certificate authority of our own or by itself. */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <stdbool.h>

struct tls {
    char *key;         /* PEM */
    char *certificate; /* PEM */
    char *folder;      /* temporary, holds the CA file */
    char *ca_file;
};

bool tls_open(struct tls *tls, bool self_signed);
void tls_close(struct tls *tls); /* removes folder and file */

#endif
