--- `threatlocker show REQUEST`: everything known of one request.
local output = require "threatlocker.command.output"
local requests = require "threatlocker.command.requests"
local target = require "threatlocker.command.target"

local show = { name = "show", summary = "show one request", services = { "portal" } }

show.about = { "Shows a request: who asks, where, for which file, signed by whom, and what became of it." }

show.operands = { target.operand }

show.examples = {
  { "threatlocker show 0e000000-0000-4000-8000-000000001003", "one request" },
  { "threatlocker show 9f3c2a71 --json --details", "by the beginning of its id; and all that a permit starts from" },
}

show.options = {
  { name = "details", help = "with --json: what ThreatLocker says of a permit, instead of the request itself" },
  { name = "json", help = "as JSON" },
}

function show.check(values)
  return values.details and not values.json and "--details goes with --json" or nil
end

-- The details tell more of the file; not every kind of request has them.
local function details_of(client, row)
  if row.requestKind == "storage" then
    return client:storage_details(row)
  end
  return client:permit_details(row)
end

function show.run(values)
  return target.with_request(values, function(client, row)
    local details, message, code
    if values.details or not values.json and row.requestKind ~= "storage" then
      details, message, code = details_of(client, row)
    end
    if values.details and not details then
      return nil, message, code
    end
    return output.finish_one(function() return requests.facts(row, details) end, values, details or row)
  end)
end

return show
