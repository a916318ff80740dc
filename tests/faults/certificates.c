/* A CA and what it signs, made anew for each run. */
#include "certificates.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)

static const char *const names[] = {"portalapi.t.threatlocker.com", "soar.example.com", "localhost"};
static gnutls_certificate_credentials_t made[CERTIFICATES];
static gnutls_x509_privkey_t ca_key;
static gnutls_x509_crt_t ca;

static void must(int result)
{
    if (result == 0)
        return;
    fprintf(stderr, "GnuTLS: %s\n", gnutls_strerror(result));
    abort();
}

static void make_key(gnutls_x509_privkey_t *key)
{
    must(gnutls_x509_privkey_init(key));
    must(gnutls_x509_privkey_generate(*key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
                                      0));
}

static void describe(gnutls_x509_crt_t *out, gnutls_x509_privkey_t key, const char *name, time_t from,
                     time_t until)
{
    static unsigned char serial;
    serial++;
    must(gnutls_x509_crt_init(out));
    must(gnutls_x509_crt_set_version(*out, 3));
    must(gnutls_x509_crt_set_serial(*out, &serial, 1));
    must(gnutls_x509_crt_set_dn_by_oid(*out, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
    must(gnutls_x509_crt_set_activation_time(*out, from));
    must(gnutls_x509_crt_set_expiration_time(*out, until));
    must(gnutls_x509_crt_set_key(*out, key));
}

static void make_ca(const char *path)
{
    gnutls_datum_t pem;
    time_t now = time(NULL);
    make_key(&ca_key);
    describe(&ca, ca_key, "Example fault CA", now - 90 * DAY, now + 90 * DAY);
    must(gnutls_x509_crt_set_basic_constraints(ca, 1, 0));
    must(gnutls_x509_crt_set_key_usage(ca, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
    must(gnutls_x509_crt_sign2(ca, ca, ca_key, GNUTLS_DIG_SHA256, 0));
    must(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem));
    FILE *file = fopen(path, "w");
    must(file != NULL && fwrite(pem.data, 1, pem.size, file) == pem.size ? 0 : GNUTLS_E_FILE_ERROR);
    fclose(file);
    gnutls_free(pem.data);
}

static void name_it(gnutls_x509_crt_t cert, certificate kind)
{
    struct in_addr loopback = {.s_addr = htonl(INADDR_LOOPBACK)};
    static const char other[] = "other.example.com";
    if (kind == WRONG_NAME) {
        must(gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, other, sizeof other - 1,
                                                  GNUTLS_FSAN_SET));
        return;
    }
    must(gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, &loopback, sizeof loopback,
                                              GNUTLS_FSAN_SET));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        must(gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, names[i],
                                                  (unsigned)strlen(names[i]), GNUTLS_FSAN_APPEND));
}

static void make_one(certificate kind)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
    time_t now = time(NULL);
    make_key(&key);
    describe(&cert, key, "localhost", now + (kind == NOT_YET ? DAY : -30 * DAY),
             now + (kind == EXPIRED ? -DAY : 30 * DAY));
    must(gnutls_x509_crt_set_basic_constraints(cert, 0, -1));
    must(gnutls_x509_crt_set_key_purpose_oid(cert, GNUTLS_KP_TLS_WWW_SERVER, 0));
    name_it(cert, kind);
    bool alone = kind == SELF_SIGNED;
    must(gnutls_x509_crt_sign2(cert, alone ? cert : ca, alone ? key : ca_key, GNUTLS_DIG_SHA256, 0));
    must(gnutls_certificate_allocate_credentials(&made[kind]));
    must(gnutls_certificate_set_x509_key(made[kind], &cert, 1, key));
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}

void make_certificates(const char *ca_path)
{
    make_ca(ca_path);
    for (int kind = 0; kind < CERTIFICATES; kind++)
        make_one((certificate)kind);
}

void free_certificates(void)
{
    for (int kind = 0; kind < CERTIFICATES; kind++)
        gnutls_certificate_free_credentials(made[kind]);
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_privkey_deinit(ca_key);
}

gnutls_certificate_credentials_t certificate_of(certificate kind)
{
    return made[kind];
}
