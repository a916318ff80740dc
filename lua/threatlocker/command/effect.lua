--- What a write would do, read from the very body that would be sent: for people, before they confirm it.
local applications = require "threatlocker.command.applications"
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local effect = {}

local given = text.given

local function object(value)
  return type(value) == "table" and value or {}
end

local function name_application(application)
  local name = given(application.name) or given(application.applicationName) or "(no name)"
  return ("%s, %s%s"):format(name, tostring(given(application.applicationId)),
    applications.is_builtin(application) and ", built-in: all of it" or "")
end

local function application_of(body)
  local all = object(body.matchingApplications)
  if all.useNewApplication == true then
    return ('a new one named "%s"'):format(given(all.newApplicationName) or "")
  elseif all.useMatchingApplication == true then
    return name_application(object(all.matchingApplication))
  end
  return name_application(object(all.existingApplication))
end

local function where_of(body, row)
  local level, organization = object(body.policyLevel), given(row.organizationName) or "the organization"
  if object(body.policyConditions).useExistingPolicy == true then
    return "wherever the application is allowed already: no policy is made"
  elseif level.toEntireOrganization == true then
    return "every computer of " .. organization, style.doubtful
  elseif level.toComputerGroup == true then
    local group = object(level.selectedComputerGroup)
    return ('every computer of the group "%s" (%s)'):format(given(group.name) or "", given(group.organizationName)
      or organization), style.doubtful
  end
  return ("the computer %s alone"):format(given(row.hostname) or "that asks")
end

local rule_words <const> = {
  { "hash", "hash" }, { "fullPath", "path" }, { "processPath", "started by" }, { "cert", "signed by" },
  { "createdBy", "created by" },
}

local function add_rules(facts, body)
  for _, option in ipairs(object(object(body.policyConditions).manualOptions)) do
    local parts = {}
    for _, word in ipairs(rule_words) do
      parts[#parts + 1] = given(option[word[1]]) and word[2] .. " " .. option[word[1]]
    end
    facts[#facts + 1] = { "Rule", table.concat(parts, "; ") }
  end
end

local modes <const> = { "installation", "learning", "monitor" }
local elevations <const> = { "yes, the user is told", "yes, silently", "forced to be a standard user" }

local function elevation_of(body)
  local how = elevations[body.elevationStatus]
  if not how then
    return given(body.isElevationRequest) and "no" or nil
  elseif (math.tointeger(body.elevationExpiration) or 0) > 0 then
    how = ("%s, for %d hours"):format(how, body.elevationExpiration)
  elseif given(body.elevationExpirationDate) then
    how = how .. ", until " .. text.time(body.elevationExpirationDate)
  end
  return how
end

-- The caller's words. The mark that finds this very permit again is made anew for each plan.
local function record_of(comments)
  return given((given(comments) or ""):gsub("^%[threatlocker operation [%x-]+%]%s*", ""))
end

local function add_answer(facts, body)
  local notes = object(body.adminNotes)
  facts[#facts + 1] = { "Ticket", given(notes.ticket) }
  facts[#facts + 1] = { "Comments", record_of(notes.comments) }
  facts[#facts + 1] = { "Answer", given(body.responseReason) }
  facts[#facts + 1] = { "Mailed", body.notifyOnResponse == true and "yes, to who asked" or nil }
end

--- Of a permit, as facts (see output.write_facts).
function effect.of_permit(body, row)
  local where, doubtful = where_of(body, row)
  local mode = modes[object(body.policyConditions).ruleId]
  local facts = {
    { "Application", application_of(body) }, { "Allowed on", where, doubtful },
  }
  add_rules(facts, body)
  facts[#facts + 1] = { "Mode", mode and ("an hour of %s mode on the computer"):format(mode), style.doubtful }
  facts[#facts + 1] = { "Elevated", elevation_of(body), style.doubtful }
  facts[#facts + 1] = { "Ends", given(body.policyExpirationDate) and text.time(body.policyExpirationDate) or "never" }
  add_answer(facts, body)
  return facts
end

-- What the device's policy will be.
local function storage_policy_of(body)
  local existing = object(body.existingStoragePolicy)
  if body.addDeviceToExisting == true then
    return ("the device is added to %s, %s"):format(given(existing.name) or "(no name)", tostring(
      given(existing.storagePolicyId)))
  end
  return ('a new one named "%s"'):format(given(body.policyName) or "")
end

local entities <const> = { [0] = "the computer %s alone", [1] = "a group of computers", [2] = "every computer of %s" }

local function storage_where_of(body, row)
  if body.addDeviceToExisting == true then
    return nil
  end
  local name = given(body.entityType == 0 and row.hostname or row.organizationName) or "(no name)"
  return (entities[body.entityType] or "unknown"):format(name), body.entityType ~= 0 and style.doubtful
end

--- Of a storage permit.
function effect.of_storage_permit(body, row)
  local where, doubtful = storage_where_of(body, row)
  local device, request = object(body.newStorageDevice), object(body.approvalRequest)
  return {
    { "Policy", storage_policy_of(body) }, { "Allowed on", where, doubtful or nil },
    { "Device", body.allStorageDevices == true and "every one" or given(device.serialNumber),
      body.allStorageDevices == true and style.doubtful or nil },
    { "Path", body.allFilePaths == true and "every one" or given(body.selectedPath),
      body.allFilePaths == true and style.doubtful or nil },
    { "Ends", given(body.expirationDate) and text.time(body.expirationDate) or "never" },
    { "Comments", record_of(request.comments) }, { "Ticket", given(request.ticketId) },
    { "Answer", given(body.responseReason) },
    { "Mailed", body.notifyOnResponse == true and "yes, to who asked" or nil },
    { "Note", "how this endpoint behaves is documented nowhere", style.doubtful },
  }
end

--- Of a rejection or an ignoring.
function effect.of_answer(body)
  return {
    { "Answer", given(body.responseReason) }, { "Subject", given(body.responseSubject) },
    { "Mailed", (body.notifyOnResponse == true or body.notifyOnIgnore == true) and "yes, to who asked" or nil },
  }
end

return effect
