--- Which official permissions reads prove without changing anything, and which only show when they are used.
local threatlocker = require "threatlocker"

local permissions = {}

local page_size <const> = 10

-- The first request that the reads about one can be tried with: storage requests have no details to permit by.
local function choose(rows)
  for _, row in ipairs(rows) do
    if row.requestKind == "application" or row.requestKind == "elevation" then
      return row
    end
  end
  return nil
end

-- Each read gets the client and what earlier ones found; `needs` names what it cannot do without. Where `empty` is
-- set, that there is nothing is an answer, too. `vital`: no request can be permitted without it.
local reads <const> = {
  { what = "list requests", endpoint = "ApprovalRequestGetByParameters", vital = true,
    read = function(client, found)
      local rows, message, code = client:request_page { status = "pending", children = true, page_size = page_size }
      found.request = rows and choose(rows)
      return rows, message, code
    end },
  { what = "read details", endpoint = "ApprovalRequestGetPermitApplicationById", vital = true, needs = "request",
    read = function(client, found)
      local details, message, code = client:permit_details(found.request)
      found.details = details
      return details, message, code
    end },
  { what = "match applications", endpoint = "ApplicationGetMatchingList", vital = true, needs = "details",
    read = function(client, found)
      local rows, message, code = client:matching_applications(found.details)
      found.application = rows and rows[1]
      return rows, message, code
    end },
  { what = "list applications", endpoint = "ApplicationGetListForAddToApplication",
    read = function(client, found)
      local rows, message, code = client:applications()
      found.application = found.application or rows and rows[1]
      return rows, message, code
    end },
  { what = "read research", endpoint = "ApplicationGetResearchDetailsById", needs = "application", empty = true,
    read = function(client, found) return client:research(found.application.applicationId) end },
  { what = "list mode applications", endpoint = "ApplicationGetForMaintenanceMode",
    read = function(client) return client:maintenance_applications() end },
  { what = "list organizations", endpoint = "OrganizationGetChildOrganizationsByParameters",
    read = function(client) return client:organizations { via = "parameters" } end },
  { what = "list groups", endpoint = "ComputerGroupGetForPermitApplication",
    read = function(client) return client:computer_groups() end },
  { what = "read files", endpoint = "ApprovalRequestGetFileDownloadDetailsById", needs = "request", empty = true,
    read = function(client, found) return client:file_details(found.request) end },
  { what = "read the audit trail", endpoint = "SystemAuditGetByParameters",
    read = function(client) return client:audit { page_size = 1 } end },
}

local missing <const> = {
  request = "no pending request to try it with", details = "no details to try it with",
  application = "no application to try it with",
}

local function find_endpoint(name)
  for _, endpoint in ipairs(threatlocker.endpoints()) do
    if endpoint.name == name then
      return endpoint
    end
  end
  error("there is no endpoint " .. name)
end

-- "Approve for", of which there are seven.
local function family_of(name)
  return name:match "^%S+ %S+" or name
end

-- The names of a group in one text; a family of names by its number.
local function name_group(group)
  local sizes, names = {}, {}
  for _, name in ipairs(group.any_of) do
    local family = family_of(name)
    sizes[family] = (sizes[family] or 0) + 1
  end
  for _, name in ipairs(group.any_of) do
    local family = family_of(name)
    local size = sizes[family]
    sizes[family] = 0
    names[#names + 1] = size == 1 and name or size > 1 and ('one of %d "%s ..."'):format(size, family) or nil
  end
  return table.concat(names, " or ")
end

-- "A or B; and C or D"
local function name_groups(groups)
  local names = {}
  for at, group in ipairs(groups) do
    names[at] = name_group(group)
  end
  return table.concat(names, "; and ")
end

-- What an answer to a read proves.
local function proven(endpoint)
  return endpoint.name .. (#endpoint.permissions > 0 and ": " .. name_groups(endpoint.permissions)
    or ": its permission is not documented")
end

local function lacking(read, endpoint, message)
  local wanted = #endpoint.permissions > 0 and name_groups(endpoint.permissions) or "what the message names"
  return read.vital and "failed" or "warning", message,
    "give the API user's role in the portal (Users, API Users): " .. wanted
end

local function try(read, patient)
  local endpoint = find_endpoint(read.endpoint)
  patient.found = patient.found or {}
  if read.needs and not patient.found[read.needs] then
    return "skipped", missing[read.needs]
  end
  local answer, message, code = read.read(patient.client, patient.found)
  if answer or read.empty and code == "not_found" then
    return "ok", proven(endpoint)
  elseif code == "permission" then
    return lacking(read, endpoint, message)
  elseif code == "not_found" then
    return "skipped", "this instance does not offer " .. endpoint.name
  end
  return read.vital and "failed" or "warning", message, "run this again; if it stays, ask ThreatLocker's support"
end

-- What writes ask for: a read cannot tell.
local function list_unproven()
  local seen, names = {}, {}
  for _, endpoint in ipairs(threatlocker.endpoints()) do
    for _, group in ipairs(endpoint.write and endpoint.permissions or {}) do
      local name = name_group(group) .. (group.condition and (" (%s)"):format(group.condition) or "")
      names[#names + 1] = not seen[name] and name or nil
      seen[name] = true
    end
  end
  return "skipped", "only seen on use: " .. table.concat(names, "; ")
end

permissions.checks = {}
for at, read in ipairs(reads) do
  permissions.checks[at] = {
    name = "permission to " .. read.what, needs = { "token accepted" },
    run = function(patient) return try(read, patient) end,
  }
end
table.insert(permissions.checks, { name = "permissions to write", run = list_unproven })

return permissions
