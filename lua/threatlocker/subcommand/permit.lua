--- `threatlocker permit REQUEST`: plan, show, send once, verify.
local act = require "threatlocker.command.act"
local choice = require "threatlocker.command.choice"
local effect = require "threatlocker.command.effect"
local target = require "threatlocker.command.target"

local permit = { name = "permit", summary = "permit a request", services = { "portal" } }

permit.about = {
  "Permits one request: once, verified by reading it back. What ThreatLocker itself says of the request is the start,",
  "and only what the options name is changed. The exact effect is shown before it is confirmed. Exit code 3: somebody",
  "was faster, or it is not known whether it was applied.",
}

permit.operands = { target.operand }

permit.examples = {
  { "threatlocker permit 9f3c2a71 --matching 4cc1729d-8727-43de-b379-f3df4fe6055a --scope organization",
    "the application that matches, everywhere in the organization" },
  { "threatlocker permit 9f3c2a71 --new 'Field tool' --hash this --expires 8h",
    "this very file, on this computer, until tonight" },
  { "threatlocker permit 9f3c2a71 --new 'Field tool' --hash this --dry-run | jq .policyLevel",
    "what would be sent" },
}

local own <const> = { table.unpack(choice.options) }
table.move(choice.storage_options, 1, #choice.storage_options, #own + 1, own)
table.insert(own, { name = "allow-actioned", help = "permit what was answered before, too; after a permit this makes a "
  .. "second policy" })
permit.options = act.with_options(own)

permit.check = choice.check

-- { plan, send, effect } of a permit that `call` makes.
local function how_to(call, made, effect_of)
  local preview = { dry_run = true }
  for name, value in pairs(made) do
    preview[name] = value
  end
  return {
    question = function() return "Permit this request?" end,
    effect = effect_of,
    plan = function(client, row) return call(client, row, preview) end,
    send = function(client, rows)
      local result, message, code = call(client, rows[1], made)
      return result and { result }, message, code
    end,
  }
end

--- How to permit that request as the values say: see act.on.
function permit.how(values, client, row)
  local is_storage = row.requestKind == "storage"
  local made, message, code
  if is_storage then
    made, message, code = choice.of_storage(values)
  else
    made, message, code = choice.of(values, client, row)
  end
  if not made then
    return nil, message, code
  elseif is_storage then
    return how_to(client.permit_storage, made, effect.of_storage_permit)
  end
  return how_to(client.permit, made, effect.of_permit)
end

function permit.run(values)
  return act.run(values, { values.request }, function(client, rows)
    return permit.how(values, client, rows[1])
  end)
end

return permit
