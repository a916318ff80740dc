/* Everything: ThreatLocker approvals for C. Unofficial; not made or endorsed by ThreatLocker or Splunk. */
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
