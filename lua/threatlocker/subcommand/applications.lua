--- `threatlocker applications`: those that rules can be added to.
local columns = require "threatlocker.command.applications".columns
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"
local systems = require "threatlocker.command.systems"

local applications = {
  name = "applications", summary = "list applications that rules can be added to", services = { "portal" },
}

applications.about = {
  "Lists the applications that a file's rules can be added to: those of the organization and of the ones above it,",
  "whose names have the owner's in front. To ThreatLocker's built-in ones no rules can be added.",
}

applications.examples = {
  { "threatlocker applications --search printer", "those with a name like it" },
  { "threatlocker applications --os mac --organization 0a000000-0000-4000-8000-000000000042",
    "an organization's, for Macs" },
  { "threatlocker applications --maintenance", "those that an hour of learning or installation can be for" },
}

applications.options = {
  { name = "search", value = "TEXT", help = "only names that hold it" },
  systems.option(),
  { name = "maintenance", help = "those that can be used with installation, learning or monitor mode" },
  output.list_options(columns),
}

-- Here the API gives no more than an id and a name.
local maintenance_columns <const> = {
  { name = "application", fields = { "value" } },
  { name = "name", fields = { "label" }, wraps = 16 },
}

function applications.check(values)
  if values.maintenance and values.search then
    return "--search and --maintenance exclude each other"
  end
  return output.check_columns(values.maintenance and maintenance_columns or columns, values)
end

function applications.run(values)
  return connect.with_client(values, function(client)
    if values.maintenance then
      return output.finish_list(maintenance_columns, values, client:maintenance_applications { os = values.os })
    end
    return output.finish_list(columns, values, client:applications { os = values.os, search = values.search })
  end)
end

return applications
