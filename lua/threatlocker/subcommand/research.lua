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
  local client <close>, message, code = connect.client(values)
  if not client then
    return nil, message, code
  end
  local known
  known, message, code = client:research(values.application_id)
  if not known then
    return nil, message, code
  elseif values.json then
    output.write_json(known)
  else
    output.write_facts(known_facts(known))
  end
  return 0
end

return research
