--- `threatlocker match REQUEST`: what a request could be permitted as, and where.
local applications = require "threatlocker.command.applications"
local output = require "threatlocker.command.output"
local requests = require "threatlocker.command.requests"
local research = require "threatlocker.command.research"
local scopes = require "threatlocker.command.scopes"
local style = require "threatlocker.command.style"
local target = require "threatlocker.command.target"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local match = { name = "match", summary = "show what a request could be permitted as", services = { "portal" } }

match.about = {
  "Shows a request, the applications that match its file, what ThreatLocker's research says of them, and what a permit",
  "would cover at each scope: the limits are those of a dry run, so nothing is sent. A part of a file, such as a DLL",
  "that several share, may match applications that it does not belong to; permitting a built-in one permits all of it.",
}

match.operands = { target.operand }

match.examples = {
  { "threatlocker match 9f3c2a71", "before a permit" },
  { "threatlocker match 9f3c2a71 --json | jq -r '.matches[] | select(.built_in | not) | .application.applicationId'",
    "ids of the matching applications that are not built-in" },
}

match.options = { { name = "json", help = "as JSON: {\"request\", \"details\", \"matches\", \"scopes\"}" } }

--------------------------------------------------------------------------------------------------------------------
-- Reading

-- Only what may have been looked into is asked for.
local function research_of(client, application, built_in)
  if not built_in and not text.given(application.researchApplicationId) then
    return nil
  end
  local known, message, code = client:research(application.applicationId)
  if not known and code ~= "not_found" then
    output.warn(("no research on %s: %s (%s)"):format(application.applicationId, message, code))
  end
  return known
end

-- A file that tells nothing to match by is no failure.
local function matches_of(client, row, details)
  local found, message, code = client:matching_applications(details, { organization_id = row.organizationId })
  if not found and code ~= "invalid" then
    return nil, message, code
  elseif not found then
    output.warn(message)
  end
  local matches = threatlocker.array {}
  for at, application in ipairs(found or {}) do
    local built_in = applications.is_builtin(application)
    matches[at] = {
      application = application, built_in = built_in, research = research_of(client, application, built_in),
    }
  end
  return matches
end

-- { request, details, matches, scopes }; nil, a message and a code.
local function read(client, row)
  local result = { request = row, matches = threatlocker.array {}, scopes = threatlocker.array {} }
  if row.requestKind == "storage" then
    output.warn "a storage request matches no applications: its permit is about a device"
    return result
  end
  local message, code
  result.details, message, code = client:permit_details(row)
  if not result.details then
    return nil, message, code
  end
  result.matches, message, code = matches_of(client, row, result.details)
  if not result.matches then
    return nil, message, code
  end
  result.scopes, message, code = scopes.of(client, row, result.details, result.matches)
  if not result.scopes then
    return nil, message, code
  end
  threatlocker.array(result.scopes)
  return result
end

--------------------------------------------------------------------------------------------------------------------
-- Showing

-- A column of what one member of a match holds.
local function column_of(member, column)
  local copy = {}
  for name, value in pairs(column) do
    copy[name] = value
  end
  function copy.get(each)
    local held = each[member]
    if not held then
      return nil
    elseif column.get then
      return column.get(held)
    end
    return held[column.fields[1]]
  end
  return copy
end

local columns <const> = {}
for _, column in ipairs(applications.columns) do
  columns[#columns + 1] = column_of("application", column)
end
for _, column in ipairs(research.columns) do
  columns[#columns + 1] = column_of("research", column)
end

local function show(result)
  output.write_facts(requests.facts(result.request, result.details))
  if not result.details then
    return
  end
  output.write("\n", style.title "Applications that match", "\n")
  if result.matches[1] then
    output.write_list(columns, result.matches, {})
  else
    output.write "none\n"
  end
  output.write("\n", style.title "What a permit would cover", "\n")
  local refusal = scopes.refusal(result.scopes)
  if refusal then
    output.write_facts { { "Nothing", refusal } }
  else
    output.write_list(scopes.columns(result.scopes), result.scopes, {})
  end
end

function match.run(values)
  return target.with_request(values, function(client, row)
    local result, message, code = read(client, row)
    if not result then
      return nil, message, code
    elseif values.json then
      output.write_json(result)
    else
      show(result)
    end
    return 0
  end)
end

return match
