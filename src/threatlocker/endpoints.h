/* The table of ThreatLocker endpoints: every call goes through it. */
#ifndef THREATLOCKER_ENDPOINTS_H
#define THREATLOCKER_ENDPOINTS_H

#include "threatlocker/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Permissions are alternatives within a group; each group whose condition holds must be met [official]. */
typedef struct tl_permission_group {
    const char *condition;     /* when it is asked for; NULL = always */
    const char *const *any_of; /* NULL-terminated permission names as the portal prints them */
} tl_permission_group;

typedef struct tl_endpoint {
    const char *name;                       /* "ApprovalRequestGetByParameters" */
    const char *method;                     /* "GET" or "POST" */
    const char *path;                       /* below /portalapi/ */
    bool write;                             /* changes data: sent once, then read back */
    bool organization;                      /* takes the ManagedOrganizationId header */
    const tl_permission_group *permissions; /* ends with any_of == NULL; NULL = not documented */
} tl_endpoint;

/* The whole table and its length. Static storage, any thread. */
TL_API const tl_endpoint *tl_endpoints(size_t *out_count);

#ifdef __cplusplus
}
#endif
#endif
