--- `threatlocker ignore REQUEST...`
local answers = require "threatlocker.command.answers"
local target = require "threatlocker.command.target"

local ignore = { name = "ignore", summary = "ignore requests", services = { "portal" }, operands = { target.operands } }

ignore.about = {
  "Ignores requests, as the portal's own button does: they leave the queue. ThreatLocker calls this endpoint",
  "deprecated; to reject is what it advises.",
}

ignore.examples = {
  { "threatlocker ignore 9f3c2a71", "one that needs no answer" },
  { "threatlocker ignore 9f3c2a71 5b1d0c44 --yes", "two, without being asked" },
}

ignore.options = answers.options

function ignore.run(values)
  return answers.run("ignore", values)
end

return ignore
