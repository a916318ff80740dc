--- Requests for people: the words for them, the columns of a list, the facts of one.
local text = require "threatlocker.command.text"

local requests = {}

requests.statuses = { "pending", "approved", "not_learned", "rejected", "added_to_application", "escalated",
                      "self_approved", "escalated_by_customer" }
requests.kinds = { "application", "elevation", "storage", "web", "other" }
requests.incomplete = "the list moved too much while it was read: some requests may be missing"
requests.orders = { "datetime", "username", "devicetype", "actiontype", "path", "actiondate" }

--- Which requests to walk through: of a list and of a review.
requests.options = {
  { name = "search", value = "TEXT", help = "what the portal's own search finds" },
  { name = "kind", value = "KIND", choices = requests.kinds, help = "only of this kind: "
    .. table.concat(requests.kinds, ", ") },
  { name = "no-children", help = "only the organization itself" },
}

local status_words <const> = {
  [1] = "pending", [4] = "approved", [6] = "not learned", [10] = "rejected", [12] = "added to application",
  [13] = "escalated", [16] = "self-approved", [17] = "escalated by customer",
}

local given = text.given

local function action_of(row)
  return given(row.threatLockerActionDto) or {}
end

--- "pending", or "status 99".
function requests.status(row)
  return status_words[row.statusId] or "status " .. tostring(row.statusId)
end

requests.columns = {
  { name = "request", fields = { "approvalRequestId" } },
  { name = "time", fields = { "dateTime" }, get = function(row) return text.minute(row.dateTime or "") end },
  { name = "kind", fields = { "requestKind" } },
  { name = "computer", fields = { "hostname" }, wraps = 10 },
  { name = "user", fields = { "username" }, wraps = 12 },
  { name = "organization", fields = { "organizationName" }, wraps = 12 },
  { name = "path", fields = { "path" }, wraps = 24 },
  { name = "reason", extra = true, fields = { "requestorReasonText", "requestorReason" }, wraps = 20 },
  { name = "status", extra = true, fields = { "statusId" }, get = requests.status },
  { name = "by", extra = true, fields = { "approvedBy" }, wraps = 12 },
  { name = "actioned", extra = true, fields = { "actionDate" },
    get = function(row) return given(row.actionDate) and text.time(row.actionDate) end },
  { name = "ticket", extra = true, fields = { "ticketId" }, wraps = 10 },
  { name = "organization-id", extra = true, fields = { "organizationId" } },
  { name = "computer-id", extra = true, fields = { "computerId" } },
  { name = "sha256", extra = true, fields = { "threatLockerActionDto" },
    get = function(row) return given(action_of(row).sha256) end },
  { name = "hash", extra = true, fields = { "threatLockerActionDto" },
    get = function(row) return given(action_of(row).hash) end },
}

--- "18.9 MB (18874368 bytes)"
local function size_of(bytes)
  if not math.tointeger(bytes) or bytes <= 0 then
    return nil
  end
  local units, size, at = { "bytes", "KB", "MB", "GB", "TB", "PB", "EB" }, bytes, 1
  while size >= 1000 and units[at + 1] do
    size, at = size / 1000, at + 1
  end
  return at == 1 and ("%d bytes"):format(bytes) or ("%.1f %s (%d bytes)"):format(size, units[at], bytes)
end

-- Who signed the file, valid signatures before others.
local function signers_of(certificates)
  local names = {}
  for _, certificate in ipairs(given(certificates) or {}) do
    local subject = given(certificate.subject)
    if subject then
      local valid = certificate.validCert == true
      table.insert(names, valid and 1 or #names + 1, subject .. (valid and "" or " (signature not valid)"))
    end
  end
  return names[1] and table.concat(names, "; ") or "nobody that is named"
end

local function joined(list)
  return given(list) and list[1] and table.concat(list, "; ") or nil
end

local function state_of(row)
  local state = requests.status(row)
  if given(row.approvedBy) then
    state = state .. " by " .. row.approvedBy
  end
  return given(row.actionDate) and state .. ", " .. text.time(row.actionDate) or state
end

--- Facts of a row (see output.write_facts), and of what permit_details says where they are given.
function requests.facts(row, details)
  local action, file = action_of(row), details and given(details.fileDetails) or {}
  return {
    { "Request", row.approvalRequestId }, { "Kind", row.requestKind }, { "Status", state_of(row) },
    { "Time", text.time(row.dateTime or "") },
    { "Organization", given(row.organizationName) }, { "Computer", given(row.hostname) },
    { "User", given(row.username) }, { "Reason", given(row.requestorReasonText) or given(row.requestorReason) },
    { "File", given(file.fullPath) or given(row.path) or given(action.fullPath) },
    { "Size", size_of(given(file.size) or given(action.size)) },
    { "SHA-256", given(file.sha256) or given(action.sha256) }, { "Hash", given(file.hash) or given(action.hash) },
    { "Signed by", signers_of(given(file.certificates) or action.certs) },
    { "Started by", given(file.processPath) or given(action.processName) },
    { "Created by", joined(file.createdByProcesses) or joined(action.installedBy) },
    { "Denied by", given(action.policyName) }, { "Assigned to", given(row.assigneeUsername) },
    { "Ticket", given(row.ticketId) }, { "Comments", given(row.comments) },
  }
end

return requests
