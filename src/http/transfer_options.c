/* Every libcurl option of every transfer. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fault_point.h"
#include "base/time.h"
#include "http/address.h"
#include "http/transfer_internal.h"

enum { LOW_SPEED_BYTES = 1, LOW_SPEED_SECONDS = 30, MOST_EXPECTED = 1024 * 1024 };

/* ---- callbacks ---- */

/* Only the body of a 200 is the file: an error page must not become one. */
static bool belongs_to_sink(const tl_transfer *transfer)
{
    long status = 0;
    return transfer->spec->sink != NULL &&
           curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200;
}

static bool give_to_sink(tl_transfer *transfer, const char *data, size_t length)
{
    const tl_transfer_spec *spec = transfer->spec;
    if (transfer->sunk + (int64_t)length > spec->max_bytes) {
        transfer->sink_full = true;
        return false;
    }
    transfer->sunk += (int64_t)length;
    transfer->sink_failed = !spec->sink->write(spec->sink->data, data, length);
    return !transfer->sink_failed;
}

/* At once what the server says is coming, within reason: a body that grows is copied again and again. */
static bool expect_body(tl_transfer *transfer)
{
    curl_off_t told = -1;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told);
    bool usable = told > 0 && told <= MOST_EXPECTED && (size_t)told <= transfer->body.limit;
    return !usable || tl_buffer_reserve(&transfer->body, (size_t)told);
}

static bool keep_body(tl_transfer *transfer, const char *data, size_t length)
{
    bool ready = transfer->body.data != NULL || expect_body(transfer);
    return ready && tl_buffer_append(&transfer->body, data, length);
}

static size_t on_body(char *data, size_t size, size_t count, void *to)
{
    tl_transfer *transfer = to;
    size_t length = size * count;
    bool taken =
        belongs_to_sink(transfer) ? give_to_sink(transfer, data, length) : keep_body(transfer, data, length);
    return taken ? length : 0;
}

/* The trimmed value when the line is "<name>: value", malloc'd; NULL otherwise. *failed: out of memory. */
static char *header_value(const char *line, size_t length, const char *name, bool *failed)
{
    size_t name_length = strlen(name);
    if (length <= name_length || line[name_length] != ':' || strncasecmp(line, name, name_length) != 0)
        return NULL;
    char *raw = strndup(line + name_length + 1, length - name_length - 1);
    char *value = raw == NULL ? NULL : tl_trim(raw);
    free(raw);
    if (value == NULL)
        *failed = true;
    return value;
}

/* libcurl takes a connection that is closed within the headers for the end of a reply without a body. */
static void note_progress(tl_transfer *transfer, const char *line, size_t length)
{
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
        transfer->headers_open = true;
    else if (length == 0 || line[0] == '\r' || line[0] == '\n')
        transfer->headers_open = false;
}

static size_t on_header(char *data, size_t size, size_t count, void *to)
{
    tl_transfer *transfer = to;
    size_t length = size * count;
    note_progress(transfer, data, length);
    transfer->header_bytes += length;
    if (++transfer->header_count > TL_HTTP_MAX_HEADERS || transfer->header_bytes > TL_HTTP_MAX_HEADER_BYTES) {
        transfer->headers_too_large = true;
        return 0;
    }
    if (transfer->pagination == NULL)
        transfer->pagination = header_value(data, length, "pagination", &transfer->failed);
    if (transfer->retry_after == NULL)
        transfer->retry_after = header_value(data, length, "retry-after", &transfer->failed);
    if (transfer->spec->look != NULL && transfer->date == NULL) {
        transfer->date = header_value(data, length, "date", &transfer->failed);
        transfer->date_us = tl_now_us();
    }
    return transfer->failed ? 0 : length;
}

/* After name resolution, so that no name can point a fetch at the inside of a network. */
static curl_socket_t on_open_socket(void *to, curlsocktype purpose, struct curl_sockaddr *address)
{
    tl_transfer *transfer = to;
    (void)purpose;
    bool loopback_only = transfer->spec->loopback;
    if (loopback_only ? !tl_address_is_loopback(&address->addr) : !tl_address_is_public(&address->addr)) {
        transfer->address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

#if LIBCURL_VERSION_NUM >= 0x075000
/* The last moment before the first byte of the request. libcurl's own timer begins later than the caller did,
 * and stands still while the machine is suspended. */
static int on_ready_to_send(void *to, char *address, char *own_address, int port, int own_port)
{
    tl_transfer *transfer = to;
    (void)address;
    (void)own_address;
    (void)port;
    (void)own_port;
    TL_FAULT_POINT("write.leave");
    transfer->late = tl_transfer_is_late(transfer->spec);
    return transfer->late ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}
#endif

static CURLcode refuse_late(CURL *easy, tl_transfer *transfer)
{
#if LIBCURL_VERSION_NUM >= 0x075000
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready_to_send);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    return code == CURLE_UNKNOWN_OPTION ? CURLE_OK : code;
#else
    (void)easy;
    (void)transfer;
    return CURLE_OK;
#endif
}

/* ---- options ---- */

static struct curl_slist *append(struct curl_slist *list, const char *line, bool *ok)
{
    if (line == NULL || !*ok)
        return list;
    struct curl_slist *longer = curl_slist_append(list, line);
    if (longer == NULL)
        *ok = false;
    return longer == NULL ? list : longer;
}

static bool set_header_lines(tl_transfer *transfer)
{
    const tl_transfer_spec *spec = transfer->spec;
    struct curl_slist *list = NULL;
    bool ok = true;
    list = append(list, spec->auth_line, &ok);
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        list = append(list, spec->extra_lines[i], &ok);
    list = append(list, spec->sink != NULL ? "Accept: */*" : "Accept: application/json", &ok);
    /* libcurl re-sends a body by itself on 417 while Expect is pending [libcurl]: never use Expect. */
    list = append(list, "Expect:", &ok);
    if (spec->request->body != NULL)
        list = append(list, "Content-Type: application/json", &ok);
    transfer->headers = list;
    return ok;
}

static CURLcode restrict_protocols(CURL *easy, bool loopback)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    if (code != CURLE_UNKNOWN_OPTION)
        return code;
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
                            loopback ? (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS) : (long)CURLPROTO_HTTPS);
#pragma GCC diagnostic pop
}

#define SET(option, value) TL_SET(easy, option, value)

static CURLcode set_security(CURL *easy, const tl_transfer_spec *spec)
{
    const tl_connection *connection = spec->connection;
    CURLcode code = restrict_protocols(easy, spec->loopback);
    if (code != CURLE_OK)
        return code;
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    if (connection->ca_file != NULL)
        SET(CURLOPT_CAINFO, connection->ca_file);
    if (connection->client_cert != NULL && !spec->foreign) {
        SET(CURLOPT_SSLCERT, connection->client_cert);
        SET(CURLOPT_SSLKEY,
            connection->client_key != NULL ? connection->client_key : connection->client_cert);
    }
    return CURLE_OK;
}

/* For a foreign host the way is decided beforehand, so that it is known whether an address that is connected
 * to is the host's own or the proxy's. */
static CURLcode set_foreign_route(CURL *easy, tl_transfer *transfer)
{
    const char *proxy = transfer->spec->proxy;
    SET(CURLOPT_PROXY, proxy == NULL ? "" : proxy);
    SET(CURLOPT_NOPROXY, "");
    if (proxy == NULL) {
        SET(CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
        SET(CURLOPT_OPENSOCKETDATA, transfer);
    }
    return CURLE_OK;
}

/* A name server that is silent must not hold up the deadline: libcurl would wait for the thread that asks it.
 * Before 7.87 it does, as long as the system's resolver tries. */
static CURLcode leave_resolver(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    CURLcode code = curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    return code == CURLE_UNKNOWN_OPTION ? CURLE_OK : code;
#else
    (void)easy;
    return CURLE_OK;
#endif
}

static CURLcode set_route(CURL *easy, tl_transfer *transfer)
{
    const tl_transfer_spec *spec = transfer->spec;
    const tl_connection *connection = spec->connection;
    if (spec->foreign) {
        CURLcode code = set_foreign_route(easy, transfer);
        if (code != CURLE_OK)
            return code;
    } else if (spec->loopback) {
        SET(CURLOPT_PROXY, ""); /* a proxy would send the token off this machine */
    } else if (connection->proxy != NULL) {
        SET(CURLOPT_PROXY, connection->proxy);
    }
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, (long)spec->timeout_ms);
    int64_t connect_ms = connection->connect_timeout_ms;
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(connect_ms < spec->timeout_ms ? connect_ms : spec->timeout_ms));
    if (!spec->request->write) { /* a read that stalls is made again; a write is not, and has its deadline */
        SET(CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
        SET(CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
    }
    return leave_resolver(easy);
}

/* What is asked for is told apart from the URL, too: where memory runs out while libcurl reads a URL, it
 * drops the query and asks for something else [ran, 7.88.1]. Never sent to a proxy, which only sees CONNECT.
 */
static CURLcode set_target(CURL *easy, const tl_transfer_spec *spec)
{
    const char *host = strstr(spec->url, "://");
    const char *target = host == NULL ? NULL : strchr(host + 3, '/');
    if (target != NULL && !spec->foreign)
        SET(CURLOPT_REQUEST_TARGET, target);
    return CURLE_OK;
}

/* A write must not be sent twice: libcurl repeats by itself, POST too, when a reused connection dies early or
 * an HTTP/2 stream is refused [libcurl]. */
static CURLcode set_sending(CURL *easy, const tl_http_request *request)
{
    if (request->write) {
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    } else {
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    }
    if (strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(CURLOPT_POSTFIELDS, request->body == NULL ? "" : request->body);
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    return CURLE_OK;
}

static CURLcode set_receiving(CURL *easy, tl_transfer *transfer)
{
    const tl_transfer_spec *spec = transfer->spec;
    SET(CURLOPT_ERRORBUFFER, transfer->message);
    if (spec->sink == NULL) /* a file is taken as it lies there: its SHA-256 counts */
        SET(CURLOPT_ACCEPT_ENCODING, "");
    SET(CURLOPT_MAXFILESIZE_LARGE,
        spec->sink != NULL ? (curl_off_t)spec->max_bytes : (curl_off_t)TL_HTTP_MAX_BODY);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
#if LIBCURL_VERSION_NUM >= 0x074000
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    if (code != CURLE_OK && code != CURLE_UNKNOWN_OPTION)
        return code;
#endif
    return CURLE_OK;
}

CURLcode tl_transfer_set_options(tl_transfer *transfer)
{
    CURL *easy = transfer->easy;
    if (!set_header_lines(transfer))
        return CURLE_OUT_OF_MEMORY;
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_URL, transfer->spec->url);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_USERAGENT, "threatlocker-approvals");
    CURLcode code = set_target(easy, transfer->spec);
    if (code == CURLE_OK)
        code = set_security(easy, transfer->spec);
    if (code == CURLE_OK)
        code = set_route(easy, transfer);
    if (code == CURLE_OK)
        code = set_sending(easy, transfer->spec->request);
    if (code == CURLE_OK)
        code = set_receiving(easy, transfer);
    if (code == CURLE_OK && transfer->spec->request->begun_us != 0)
        code = refuse_late(easy, transfer);
    if (code == CURLE_OK && transfer->spec->look != NULL)
        code = tl_transfer_set_look(transfer);
    return code;
}
