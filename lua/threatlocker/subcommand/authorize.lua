--- `threatlocker authorize REQUEST...`: lets the Cyber Heroes permit.
local act = require "threatlocker.command.act"
local target = require "threatlocker.command.target"

local authorize = { name = "authorize", summary = "let the Cyber Heroes permit", services = { "portal" } }

authorize.about = {
  "Lets ThreatLocker's Cyber Heroes permit a request to execute that they escalated. It permits nothing itself, and",
  "any other request is refused.",
}

authorize.operands = { target.operands }

authorize.examples = {
  { "threatlocker authorize 9f3c2a71 --message 'Known installer, please permit'", "one that was escalated" },
}

authorize.options = act.with_options { { name = "message", value = "TEXT", help = "to the Cyber Heroes" } }

function authorize.run(values)
  return act.run(values, values.request, function()
    return {
      question = function(rows) return ("Let the Cyber Heroes permit %s?"):format(act.count_words(rows)) end,
      effect = function(body) return { { "Message", body.message ~= "" and body.message or nil } } end,
      plan = function(client, row) return client:authorize(row, { message = values.message, dry_run = true }) end,
      send = act.one_by_one(function(client, row) return client:authorize(row, { message = values.message }) end),
    }
  end)
end

return authorize
