-- The main job in one script: list the queue, look for matching applications, ask a person through a sealed SOAR
-- prompt, and let a chain turn each answer into one verified act.
--
--   lua5.4 night_shift.lua LEDGER
--
-- Connections come from the environment (README.md). `ask` puts prepared.message and prepared.choices into a playbook's
-- prompt block, here by printing; `stop` ends the watch. With the same ledger it goes on, without asking again.
local threatlocker = require "threatlocker"
local ledger, ask, stop = ...
ask = ask or function(prepared) return print(prepared.message) or "above" end

-- A failure ends the script with one line; whatever a server says is cleaned before a terminal sees it.
local function check(value, _, _, failure) return value or error(failure) end
local function say(...) print("  " .. threatlocker.clean_text(string.format(...))) end

local client <close> = check(threatlocker.client { settle_time = 5 })
local soar <close> = check(threatlocker.soar())
local chain <close> = check(threatlocker.chain {
  name = "night-shift", client = client, soar = soar, ledger = assert(ledger, "usage: night_shift.lua LEDGER"),
  limits = { max_scope = "organization", allow_builtin = true },
  event = function(line)
    local it = threatlocker.json_decode(line)
    say("prompt %d  %-9s  %s", it.approval_id, it.state, it.message or it.answered_by or "open")
  end,
})

-- One built-in goes to the whole organization; one application of our own gets the file's hash, for the computer's
-- group; anything else becomes a new one for that computer: several that match do not say which one is meant.
local function choose(request, matches)
  local builtins, own, rules = {}, {}, { { hash = request.threatLockerActionDto.hash } }
  for _, match in ipairs(matches) do table.insert(match.organizationName == "master" and builtins or own, match) end
  if #builtins == 1 then
    return { application = "matching", application_id = builtins[1].applicationId, scope = "organization" }
  elseif #own == 1 then
    return { application = "existing", application_id = own[1].applicationId, scope = "group", rules = rules }
  end
  return { application = "new", name = "Approved " .. request.path:match "[^\\/]*$", scope = "computer", rules = rules }
end

local function propose(request)
  if request.requestKind == "storage" then return "left in the portal: no application to permit" end
  local matches = check(client:matching_applications(request))
  local choice = choose(request, matches)
  if request.requestKind == "elevation" then choice.elevate, choice.elevate_hours = "notify", 2 end
  local prepared, why = client:prepare_prompt(request, { executor = "chain:night-shift", choice = choice })
  if not prepared then return "not asked: " .. why end
  return ("%d match, prompt %s: %s for the %s"):format(#matches, ask(prepared), choice.application, choice.scope)
end

if #check(chain:history()) == 0 then
  local queue = {}
  for request in client:requests { status = "pending", children = true } do table.insert(queue, request) end
  print(#queue .. " pending requests:")
  for _, request in ipairs(queue) do
    say("%s  %s  %s: %s", request.organizationName, request.hostname, request.path, propose(request))
  end
end
print "The chain watches for answers:"
check(chain:run { signals = true, on_step = stop })
