--- `threatlocker organizations`: those that the token reaches.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"

local organizations = {
  name = "organizations", summary = "list the organizations that the token reaches", services = { "portal" },
}

organizations.about = {
  "Lists the organizations that the token reaches: its own and those below. --organization takes their ids.",
}

organizations.examples = {
  { "threatlocker organizations", "all of them" },
  { "threatlocker organizations --search dental --json | jq -r .organizationId", "one customer's id" },
}

local columns <const> = {
  { name = "organization", fields = { "organizationId" } },
  { name = "name", fields = { "name" }, wraps = 16 },
}

organizations.options = {
  { name = "search", value = "TEXT", help = "only names that hold it" },
  output.list_options(columns),
}

function organizations.check(values)
  return output.check_columns(columns, values)
end

function organizations.run(values)
  return connect.with_client(values, function(client)
    return output.finish_list(columns, values, client:organizations { search = values.search })
  end)
end

return organizations
