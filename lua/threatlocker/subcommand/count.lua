--- `threatlocker count`: how many requests are pending.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"

local count = { name = "count", summary = "count the pending requests", services = { "portal" } }

count.about = { "Counts the pending requests, those of child organizations included: one cheap call." }

count.examples = {
  { "threatlocker count", "how long the queue is" },
  { "threatlocker count --no-children --organization 0a000000-0000-4000-8000-000000000042",
    "that of one organization alone" },
}

count.options = {
  { name = "no-children", help = "only the organization itself" },
  { name = "json", help = "as JSON: {\"pending\":NUMBER}" },
}

function count.run(values)
  return connect.with_client(values, function(client)
    local pending, message, code = client:count { children = not values.no_children }
    if not pending then
      return nil, message, code
    elseif values.json then
      output.write_json { pending = pending }
    else
      output.write(pending, "\n")
    end
    return 0
  end)
end

return count
