--- `threatlocker reject REQUEST...`
local answers = require "threatlocker.command.answers"
local target = require "threatlocker.command.target"

local reject = { name = "reject", summary = "reject requests", services = { "portal" }, operands = { target.operands } }

reject.about = {
  "Rejects requests: one sending for each organization, and each request read back. All are planned first, and where",
  "one of them cannot be rejected none is.",
}

reject.examples = {
  { "threatlocker reject 9f3c2a71 --reason 'Use the tool on the portal' --notify", "one, with an answer by mail" },
  { "threatlocker list --json --search keygen | jq -r .approvalRequestId | xargs threatlocker reject --yes",
    "all that a search finds" },
}

reject.options = answers.options

function reject.run(values)
  return answers.run("reject", values)
end

return reject
