--- `threatlocker endpoints`: the API calls that all of this makes.
local output = require "threatlocker.command.output"
local threatlocker = require "threatlocker"

local endpoints = { name = "endpoints", summary = "list the ThreatLocker API calls made, and their permissions" }

endpoints.about = {
  "Lists the calls of ThreatLocker's API that this product makes, and the official permissions that each asks of the",
  "API user: all groups, any permission of each. Needs no credentials.",
}

endpoints.examples = {
  { "threatlocker endpoints", "what to allow at a proxy, and which permissions to give" },
  { "threatlocker endpoints --json | jq -r 'select(.write) | .path'", "the calls that change something" },
}

-- "Approve Escalation or Edit (an escalated request); View Approvals"
local function describe_permissions(endpoint)
  local groups = {}
  for at, group in ipairs(endpoint.permissions) do
    local condition = group.condition and (" (%s)"):format(group.condition) or ""
    groups[at] = table.concat(group.any_of, " or ") .. condition
  end
  return groups[1] and table.concat(groups, "; ") or "not documented"
end

local columns <const> = {
  { name = "method", fields = { "method" } },
  { name = "path", fields = { "path" } },
  { name = "write", fields = { "write" }, get = function(endpoint) return endpoint.write and "yes" or "no" end },
  { name = "permissions", fields = { "permissions" }, get = describe_permissions, wraps = 40 },
  { name = "name", extra = true, fields = { "name" } },
}

endpoints.options = { output.list_options(columns) }

function endpoints.check(values)
  return output.check_columns(columns, values)
end

function endpoints.run(values)
  output.write_list(columns, threatlocker.endpoints(), values)
  return 0
end

return endpoints
