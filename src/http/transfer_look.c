/* What libcurl tells about a connection. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "http/certificate.h"
#include "http/transfer_internal.h"

static void put(char *out, size_t size, const char *text)
{
    size_t length = text == NULL ? 0 : tl_utf8_prefix(text, strlen(text), size - 1);
    memcpy(out, text == NULL ? "" : text, length);
    out[length] = '\0';
}

void tl_look_describe_library(tl_probe *probe)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    put(probe->libcurl, sizeof probe->libcurl, info->version);
    put(probe->tls, sizeof probe->tls, info->ssl_version);
    /* An older library's struct ends before these members. */
    if (info->age >= CURLVERSION_SEVENTH)
        put(probe->ca, sizeof probe->ca, info->cainfo != NULL ? info->cainfo : info->capath);
}

/* The only place that shows every address before it is tried. */
static curl_socket_t on_address(void *to, curlsocktype purpose, struct curl_sockaddr *address)
{
    tl_probe *probe = to;
    (void)purpose;
    if (probe->address_count < TL_PROBE_ADDRESSES &&
        getnameinfo(&address->addr, address->addrlen, probe->addresses[probe->address_count],
                    TL_PROBE_ADDRESS_SIZE, NULL, 0, NI_NUMERICHOST) == 0)
        probe->address_count++;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Overrides what the usual options say about trust: on this connection nothing is sent, and what it tells is
 * marked as unverified. Without HTTP/2, which would begin to speak by itself. */
static CURLcode trust_nobody(CURL *easy)
{
    TL_SET(easy, CURLOPT_CONNECT_ONLY, 1L);
    TL_SET(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    TL_SET(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    TL_SET(easy, CURLOPT_SSLCERT, NULL);
    TL_SET(easy, CURLOPT_SSLKEY, NULL);
    TL_SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    return CURLE_OK;
}

CURLcode tl_transfer_set_look(tl_transfer *transfer)
{
    CURL *easy = transfer->easy;
    const tl_look *look = transfer->spec->look;
    TL_SET(easy, CURLOPT_FRESH_CONNECT, 1L);
    TL_SET(easy, CURLOPT_FORBID_REUSE, 1L);
    if (look->chain_only) {
        CURLcode code = trust_nobody(easy);
        if (code != CURLE_OK)
            return code;
    } else {
        TL_SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_address);
        TL_SET(easy, CURLOPT_OPENSOCKETDATA, look->probe);
    }
    /* Not every TLS library can tell. */
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    return code == CURLE_NOT_BUILT_IN || code == CURLE_UNKNOWN_OPTION ? CURLE_OK : code;
}

static void collect_certificates(CURL *easy, tl_probe *probe)
{
    enum { MAX_LINES = 64 };
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL)
        return;
    for (int i = 0; i < chain->num_of_certs && i < TL_PROBE_CERTIFICATES; i++) {
        const char *lines[MAX_LINES];
        size_t count = 0;
        for (const struct curl_slist *at = chain->certinfo[i]; at != NULL && count < MAX_LINES; at = at->next)
            lines[count++] = at->data;
        tl_certificate_read(&probe->certificates[i], i == 0 ? probe->certificate_pem : NULL, lines, count);
        probe->certificate_count = (size_t)i + 1;
    }
}

/* How long after the start something was done, in microseconds; 0 = it was not. */
static int64_t time_until(CURL *easy, CURLINFO what)
{
    curl_off_t us = 0;
    return curl_easy_getinfo(easy, what, &us) == CURLE_OK ? (int64_t)us : 0;
}

void tl_transfer_collect_look(tl_transfer *transfer)
{
    CURL *easy = transfer->easy;
    tl_look *look = transfer->spec->look;
    tl_probe *probe = look->probe;
    long status = 0;
    char *address = NULL;
    collect_certificates(easy, probe);
    if (look->chain_only)
        return;
    look->resolved = time_until(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0 || probe->address_count > 0;
    look->sending = time_until(easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
    look->round_trip_us =
        time_until(easy, CURLINFO_STARTTRANSFER_TIME_T) - time_until(easy, CURLINFO_PRETRANSFER_TIME_T);
    /* The connect time would not do: it counts only once TLS is through, too. */
    if (transfer->result != CURLE_COULDNT_CONNECT &&
        curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK)
        put(probe->address, sizeof probe->address, address);
    if (curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
        probe->http_status = (int)status;
    if (curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK)
        probe->proxy_status = (int)status;
    look->date = transfer->date;
    look->date_us = transfer->date_us;
    transfer->date = NULL;
}
