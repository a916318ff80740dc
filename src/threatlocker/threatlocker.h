/* Everything: ThreatLocker approvals for C. Unofficial; not made or endorsed by ThreatLocker or Splunk.
 *
 * Marks tell where a fact about a service comes from, here and in the sources:
 *
 *   [official]       the vendor's page on it: ThreatLocker's on approval requests, Splunk's on /rest/approval
 *   [official*]      another page of the vendor's
 *   [spec]           ThreatLocker's OpenAPI export
 *   [observed NAME]  a public project saw it on a live system; [code NAME]: it stands in that project's code
 *   [inferred]       nobody says so: reasoned from the rest
 *
 * The names are listed in CONTRIBUTING.md. */
#ifndef THREATLOCKER_THREATLOCKER_H
#define THREATLOCKER_THREATLOCKER_H

#include "threatlocker/applications.h"
#include "threatlocker/audit.h"
#include "threatlocker/chain.h"
#include "threatlocker/client.h"
#include "threatlocker/endpoints.h"
#include "threatlocker/error.h"
#include "threatlocker/files.h"
#include "threatlocker/json.h"
#include "threatlocker/limits.h"
#include "threatlocker/organizations.h"
#include "threatlocker/permit.h"
#include "threatlocker/probe.h"
#include "threatlocker/prompt.h"
#include "threatlocker/requests.h"
#include "threatlocker/resolve.h"
#include "threatlocker/soar.h"
#include "threatlocker/storage.h"
#include "threatlocker/text.h"

#endif
