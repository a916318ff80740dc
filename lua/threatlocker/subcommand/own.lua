--- `threatlocker own REQUEST...`: takes ownership.
local act = require "threatlocker.command.act"
local target = require "threatlocker.command.target"

local own = { name = "own", summary = "take ownership of requests", services = { "portal" } }

own.about = { "Assigns requests to the API user, so that others see that somebody is at them." }

own.operands = { target.operands }

own.examples = { { "threatlocker own 9f3c2a71", "say that this one is being looked at" } }

own.options = act.options

function own.run(values)
  return act.run(values, values.request, function()
    return {
      question = function(rows) return ("Take ownership of %s?"):format(act.count_words(rows)) end,
      effect = function() return {} end,
      plan = function(client, row) return client:take_ownership(row, { dry_run = true }) end,
      send = act.one_by_one(function(client, row) return client:take_ownership(row) end),
    }
  end)
end

return own
