-- The main job in one script: list the queue, look for matching applications, ask a person through a sealed SOAR
-- prompt, and let a chain turn each answer into one verified act.
--
--   lua5.4 night_shift.lua LEDGER
--
-- Connections come from the environment: THREATLOCKER_INSTANCE (or THREATLOCKER_BASE_URL), THREATLOCKER_API_KEY,
-- SOAR_URL, SOAR_TOKEN. `ask` hands a prompt to SOAR, where a playbook puts prepared.message and prepared.choices
-- into its prompt block; by default the text is printed for that. `stop` ends the watch. Started again with the
-- same ledger, the script goes on where it stopped, without asking again.
local threatlocker = require "threatlocker"
local ledger, ask, stop = ...
assert(ledger, "usage: night_shift.lua LEDGER")
ask = ask or function(prepared) return print(prepared.message) or 0 end

local client <close> = assert(threatlocker.client { settle_time = 5 })
local soar <close> = assert(threatlocker.soar {})

local function say(...) print(string.format(...)) end

-- Pads by characters: %-20s counts bytes.
local function pad(text, width) return text .. (" "):rep(width - (utf8.len(text) or #text)) end

local kinds = { execute = "execute", install = "execute", elevate = "elevate", read = "storage", write = "storage" }
local function kind_of(request) return kinds[request.threatLockerActionDto.actionType] or "other" end

local function file_of(request) return request.path:match "[^\\/]+$" or request.path end

-- Sorts the matches into built-in applications and our own.
local function sort(matches)
  local builtins, own = {}, {}
  for _, application in ipairs(matches) do
    table.insert(application.organizationName == "master" and builtins or own, application)
  end
  return builtins, own
end

-- What to propose. A single built-in goes to the whole organization, our own application gets the file's hash and
-- serves the computer's group, anything else becomes a new application for that computer. A shared DLL that matches
-- several built-ins says nothing about which one is meant.
local function choose(request, matches)
  local builtins, own = sort(matches)
  local rules = { { hash = request.threatLockerActionDto.hash } }
  local choice
  if #builtins == 1 then
    choice = { application = "matching", application_id = builtins[1].applicationId, scope = "organization" }
  elseif #own > 0 then
    choice = { application = "existing", application_id = own[1].applicationId, scope = "group", rules = rules }
  else
    choice = { application = "new", name = "Approved: " .. file_of(request), scope = "computer", rules = rules }
  end
  if kind_of(request) == "elevate" then
    choice.elevate, choice.elevate_hours = "notify", 2
  end
  choice.ticket = "NIGHT-" .. request.approvalRequestId:sub(-4)
  return choice, #builtins, #own
end

local function propose(request)
  if kind_of(request) == "storage" then
    return say("  %s left in the portal: storage requests are not permitted as applications", pad(file_of(request), 26))
  end
  local matches = assert(client:matching_applications(request.approvalRequestId,
    { organization_id = request.organizationId }))
  local choice, builtins, own = choose(request, matches)
  local prepared, message = client:prepare_prompt(request, { executor = "chain:night-shift", choice = choice })
  if not prepared then
    return say("  %s not asked: %s", pad(file_of(request), 26), message)
  end
  local prompt = ask(prepared, request)
  say("  %s %d built-in, %d own: prompt %d proposes %s for the %s", pad(file_of(request), 26), builtins, own, prompt,
    choice.application, choice.scope)
end

local chain <close> = assert(threatlocker.chain {
  name = "night-shift", client = client, soar = soar, ledger = ledger,
  limits = { max_scope = "organization", allow_builtin = true },
  event = function(line)
    local event = threatlocker.json_decode(line)
    local by = event.answered_by and "answered by " .. event.answered_by
    say("  prompt %d  %-9s  %s", event.approval_id, event.state, event.message or by or "sealed for us, open")
  end,
})

if #assert(chain:history()) == 0 then
  say "The queue:"
  say("  %-8s %-8s %-22s %-16s %s", "request", "kind", "organization", "computer", "file")
  local queue = {}
  for request in client:requests { status = "pending", children = true } do
    queue[#queue + 1] = request
    say("  %-8s %-8s %s %s %s", request.approvalRequestId:sub(-4), kind_of(request),
      pad(request.organizationName, 22), pad(request.hostname, 16), file_of(request))
  end
  say("\n%d requests. Matches and sealed prompts:", #queue)
  for _, request in ipairs(queue) do propose(request) end
end

say "\nThe chain watches for answers:"
assert(chain:run { signals = true, on_step = stop })
