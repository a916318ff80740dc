--- `threatlocker research APPLICATION-ID`: what ThreatLocker knows of an application.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"
local known_facts = require "threatlocker.command.research".facts

local research = { name = "research", summary = "show what is known of an application", services = { "portal" } }

research.about = {
  "Shows what ThreatLocker's research says of an application, its built-in ones above all: what it is for, how it is",
  "rated, where it is made, what it reaches and what to mind. Of most others it knows nothing: exit code 1.",
}

research.operands = { { name = "APPLICATION-ID", help = "as `threatlocker match` and `applications` tell it" } }

research.examples = {
  { "threatlocker research 4cc1729d-8727-43de-b379-f3df4fe6055a", "Adobe Acrobat" },
  { "threatlocker research 4cc1729d-8727-43de-b379-f3df4fe6055a --json | jq .concernRating", "one rating" },
}

research.options = { { name = "json", help = "as JSON" } }

function research.run(values)
  return connect.with_client(values, function(client)
    return output.finish_one(known_facts, values, client:research(values.application_id))
  end)
end

return research
