#include "tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

#define DAYS (24 * 60 * 60)

/* EC keys: made in well under a millisecond. */
static bool make_key(gnutls_x509_privkey_t *key)
{
    return gnutls_x509_privkey_init(key) == 0 &&
           gnutls_x509_privkey_generate(*key, GNUTLS_PK_ECDSA,
                                        GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0;
}

static bool describe(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key, const char *name,
                     unsigned char serial)
{
    time_t now = time(NULL);
    return gnutls_x509_crt_set_version(cert, 3) == 0 && gnutls_x509_crt_set_serial(cert, &serial, 1) == 0 &&
           gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                         (unsigned)strlen(name)) == 0 &&
           gnutls_x509_crt_set_activation_time(cert, now - DAYS) == 0 &&
           gnutls_x509_crt_set_expiration_time(cert, now + 30 * DAYS) == 0 &&
           gnutls_x509_crt_set_key(cert, key) == 0;
}

static bool make_ca(gnutls_x509_crt_t *ca, gnutls_x509_privkey_t key)
{
    return gnutls_x509_crt_init(ca) == 0 && describe(*ca, key, "Example sandbox CA", 1) &&
           gnutls_x509_crt_set_basic_constraints(*ca, 1, 0) == 0 &&
           gnutls_x509_crt_set_key_usage(*ca, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN) == 0 &&
           gnutls_x509_crt_sign2(*ca, *ca, key, GNUTLS_DIG_SHA256, 0) == 0;
}

/* Without a CA it signs itself, as appliances do out of the box. */
static bool make_server(gnutls_x509_crt_t *cert, gnutls_x509_privkey_t key, gnutls_x509_crt_t ca,
                        gnutls_x509_privkey_t ca_key)
{
    struct in_addr loopback = {.s_addr = htonl(INADDR_LOOPBACK)};
    return gnutls_x509_crt_init(cert) == 0 && describe(*cert, key, "localhost", 2) &&
           gnutls_x509_crt_set_basic_constraints(*cert, 0, -1) == 0 &&
           gnutls_x509_crt_set_key_usage(*cert, GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 &&
           gnutls_x509_crt_set_key_purpose_oid(*cert, GNUTLS_KP_TLS_WWW_SERVER, 0) == 0 &&
           gnutls_x509_crt_set_subject_alt_name(*cert, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET) ==
               0 &&
           gnutls_x509_crt_set_subject_alt_name(*cert, GNUTLS_SAN_IPADDRESS, &loopback, sizeof loopback,
                                                GNUTLS_FSAN_APPEND) == 0 &&
           gnutls_x509_crt_sign2(*cert, ca ? ca : *cert, ca ? ca_key : key, GNUTLS_DIG_SHA256, 0) == 0;
}

static char *take_pem(gnutls_datum_t *pem, int rc)
{
    if (rc != 0)
        return NULL;
    char *text = copy_bytes((const char *)pem->data, pem->size);
    gnutls_free(pem->data);
    return text;
}

static bool write_ca(struct tls *tls, const char *pem)
{
    const char *parent = getenv("TMPDIR");
    struct text path = {0};
    text_printf(&path, "%s/sandbox-XXXXXX", parent && *parent ? parent : "/tmp");
    tls->folder = path.data;
    if (!mkdtemp(tls->folder)) {
        free(tls->folder);
        tls->folder = NULL;
        return false;
    }
    struct text file = {0};
    text_printf(&file, "%s/ca.pem", tls->folder);
    tls->ca_file = file.data;
    FILE *out = fopen(tls->ca_file, "w");
    if (!out)
        return false;
    bool fine = fputs(pem, out) >= 0;
    return fclose(out) == 0 && fine;
}

bool tls_open(struct tls *tls, bool self_signed)
{
    gnutls_x509_privkey_t ca_key = NULL, key = NULL;
    gnutls_x509_crt_t ca = NULL, cert = NULL;
    gnutls_datum_t pem = {0};
    char *ca_pem = NULL;
    bool fine = (self_signed || (make_key(&ca_key) && make_ca(&ca, ca_key))) && make_key(&key) &&
                make_server(&cert, key, ca, ca_key);
    if (fine) {
        tls->key = take_pem(
            &pem, gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem));
        tls->certificate = take_pem(&pem, gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem));
        ca_pem = take_pem(&pem, gnutls_x509_crt_export2(ca ? ca : cert, GNUTLS_X509_FMT_PEM, &pem));
        fine = tls->key && tls->certificate && ca_pem && write_ca(tls, ca_pem);
    }
    free(ca_pem);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_privkey_deinit(key);
    gnutls_x509_privkey_deinit(ca_key);
    return fine;
}

void tls_close(struct tls *tls)
{
    if (tls->ca_file)
        unlink(tls->ca_file);
    if (tls->folder)
        rmdir(tls->folder);
    free(tls->key);
    free(tls->certificate);
    free(tls->folder);
    free(tls->ca_file);
    *tls = (struct tls){0};
}
