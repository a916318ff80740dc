/* Names of the rows of the endpoint table. */
#ifndef TL_PORTAL_ENDPOINTS_H
#define TL_PORTAL_ENDPOINTS_H

#include "threatlocker/endpoints.h"

typedef enum tl_endpoint_id {
    TL_REQUEST_LIST,
    TL_REQUEST_BY_ID,
    TL_PERMIT_DETAILS,
    TL_PERMIT_APPLICATION,
    TL_UPDATE_FOR_REJECT,
    TL_UPDATE_FOR_IGNORE,
    TL_MATCHING_LIST,
    TL_APPLICATIONS_TO_ADD_TO,
    TL_GROUPS_FOR_PERMIT,
    TL_ENDPOINT_COUNT
} tl_endpoint_id;

const tl_endpoint *tl_endpoint_of(tl_endpoint_id id);

#endif
