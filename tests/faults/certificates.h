/* The certificates of peer.h, for its own file. */
#ifndef TL_TESTS_FAULTS_CERTIFICATES_H
#define TL_TESTS_FAULTS_CERTIFICATES_H

#include "peer.h"

gnutls_certificate_credentials_t certificate_of(certificate kind);

#endif
