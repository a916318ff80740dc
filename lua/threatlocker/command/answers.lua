--- Rejecting and ignoring: the same but for the word.
local act = require "threatlocker.command.act"
local effect = require "threatlocker.command.effect"

local answers = {}

answers.options = act.with_options {
  { name = "reason", value = "TEXT", help = "the answer to who asked, and for the record" },
  { name = "subject", value = "TEXT", help = "of that answer" },
  { name = "notify", help = "mail it to them" },
  { name = "allow-actioned", help = "one that was answered before, too" },
}

--- How to give that answer (see act.on): `method` is the client's, "reject" or "ignore".
function answers.how(method, values)
  local function answer(dry_run)
    return { reason = values.reason, subject = values.subject, notify = values.notify,
             allow_actioned = values.allow_actioned, dry_run = dry_run }
  end
  return {
    question = function(rows) return ("%s %s?"):format(method:gsub("^%l", string.upper), act.count_words(rows)) end,
    effect = effect.of_answer,
    plan = function(client, row) return client[method](client, row, answer(true)) end,
    send = function(client, rows) return client[method](client, rows, answer()) end,
  }
end

--- The run of such a subcommand.
function answers.run(method, values)
  return act.run(values, values.request, function()
    return answers.how(method, values)
  end)
end

return answers
