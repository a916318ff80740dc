--- `threatlocker groups`: computer groups that a permit can be for.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"
local systems = require "threatlocker.command.systems"

local groups = { name = "groups", summary = "list computer groups", services = { "portal" } }

groups.about = {
  "Lists an organization's computer groups, and the global ones of the organizations above it. A permit may be for one",
  "of its own groups only: a global one reaches beyond the organization.",
}

groups.examples = {
  { "threatlocker groups --os all --organization 0a000000-0000-4000-8000-000000000042", "every group of a customer" },
  { "threatlocker groups --json | jq -r 'select(.name == \"Servers\") | .computerGroupId'", "the id of one" },
}

local columns <const> = {
  { name = "group", fields = { "computerGroupId" } },
  { name = "name", fields = { "name" }, wraps = 12 },
  { name = "os", fields = { "osType" }, get = function(group) return systems.word(group.osType) end },
  { name = "global", fields = { "isGlobal" },
    get = function(group) return group.isGlobal == true and "yes" or "no" end },
  { name = "organization", fields = { "organizationName" }, wraps = 12 },
  { name = "organization-id", extra = true, fields = { "organizationId" } },
}

groups.options = { systems.option(true), output.list_options(columns) }

function groups.check(values)
  return output.check_columns(columns, values)
end

function groups.run(values)
  return connect.with_client(values, function(client)
    return output.finish_list(columns, values, client:computer_groups { os = values.os })
  end)
end

return groups
