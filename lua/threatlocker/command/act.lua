--- How every subcommand that writes goes about it: it finds the requests, plans, shows the exact effect, asks, sends
--- once, and says what came of it.
local confirm = require "threatlocker.command.confirm"
local connect = require "threatlocker.command.connect"
local outcome = require "threatlocker.command.outcome"
local output = require "threatlocker.command.output"
local requests = require "threatlocker.command.requests"
local target = require "threatlocker.command.target"

local act = {}

--- Options of all of them.
act.options = {
  { name = "dry-run", short = "n", help = "print the exact body, send nothing" },
  { name = "yes", short = "y", help = "do not ask" },
  { name = "json", help = "the outcome as JSON, one object a line" },
}

--- A subcommand's own options, followed by these.
function act.with_options(own)
  local all = { table.unpack(own) }
  table.move(act.options, 1, #act.options, #all + 1, all)
  return all
end

-- How a request is named above its effect.
local function headline(row)
  local wanted = { Request = true, File = true, Computer = true, User = true, Organization = true, Reason = true }
  local facts = {}
  for _, fact in ipairs(requests.facts(row)) do
    facts[#facts + 1] = wanted[fact[1]] and fact or nil
  end
  return facts
end

-- What would be done to each request, in one text: what is asked about.
local function describe(rows, previews, effect_of)
  local parts = {}
  for at, row in ipairs(rows) do
    local facts = headline(row)
    for _, fact in ipairs(effect_of(previews[at].body, row)) do
      facts[#facts + 1] = fact
    end
    output.write_facts(facts, function(...) table.move({ ... }, 1, select("#", ...), #parts + 1, parts) end)
    parts[#parts + 1] = "\n"
  end
  return table.concat(parts)
end

local function plan_all(client, rows, plan)
  local previews = {}
  for at, row in ipairs(rows) do
    local preview, message, code = plan(client, row)
    if not preview then
      return nil, message, code
    end
    previews[at] = preview
  end
  return previews
end

-- Outcomes that the module did not tell: one for each row.
local function outcomes_of(rows, word, applied, message, code)
  local results = {}
  for at, row in ipairs(rows) do
    results[at] = { outcome = word, verified = false, applied = applied, message = message, code = code,
                    request_id = row.approvalRequestId }
  end
  return results
end

-- Sends. Ctrl-C comes through when a call is over: then nobody has been told its outcome.
local function send(how, client, rows)
  local returned = table.pack(pcall(how.send, client, rows))
  if returned[1] then
    return table.unpack(returned, 2, returned.n)
  elseif confirm.is_interrupt(returned[2]) then
    return outcomes_of(rows, "unknown", "unknown", "interrupted while it was sent", "unknown_outcome")
  end
  error(returned[2], 0)
end

-- The rows as they are now.
local function read_again(client, rows)
  local fresh = {}
  for at, row in ipairs(rows) do
    local message, code
    fresh[at], message, code = client:request(row)
    if not fresh[at] then
      return nil, message, code
    end
  end
  return fresh
end

-- Whether each of them can be sent.
local function are_possible(previews)
  return outcome.exit_code_of_all(previews) == 0
end

-- Shows the effect and asks, until what was said yes to is what a new look finds, or one cannot be sent any more. The
-- previews of that look after a yes, false after a no; nil, a message and a code when a look fails.
local function ask(client, rows, previews, how)
  local shown = describe(rows, previews, how.effect)
  while true do
    confirm.write(shown)
    if not confirm.is_wanted(how.question(rows)) then
      return false
    end
    local message, code
    rows, message, code = read_again(client, rows)
    if rows then
      previews, message, code = plan_all(client, rows, how.plan)
    end
    if not rows or not previews then
      return nil, message, code
    end
    local now = are_possible(previews) and describe(rows, previews, how.effect)
    if not now or now == shown then
      return previews
    end
    confirm.write "It changed while you looked. Now it is:\n\n"
    shown = now
  end
end

--- Plans, asks unless values.yes, sends. Returns the outcomes; the previews where nothing was sent, for values.dry_run
--- or because one of them cannot be; false after a no; nil, a message and a code when it fails. `how` is
--- { question = function(rows): text, plan = function(client, row): preview, effect = function(body, row): facts,
--- send = function(client, rows): outcomes }.
function act.on(client, rows, values, how)
  local previews, message, code = plan_all(client, rows, how.plan)
  if previews and are_possible(previews) and not values.dry_run and not values.yes then
    previews, message, code = ask(client, rows, previews, how)
  end
  if not previews then
    return previews, message, code
  elseif values.dry_run or not are_possible(previews) then
    return previews
  end
  return send(how, client, rows)
end

--- The whole run of such a subcommand. `names` are the requests as they were given, `make` makes `how` (see act.on) for
--- them: it gets the client and their rows, and may fail.
function act.run(values, names, make)
  if not values.yes and not values.dry_run and not confirm.is_possible() then
    return nil, "nobody can be asked here: give --yes, or --dry-run to see what would be sent", "usage"
  end
  local client <close>, message, code = connect.client(values)
  if not client then
    return nil, message, code
  end
  local rows, how, results
  rows, message, code = target.resolve_all(client, names)
  if rows then
    how, message, code = make(client, rows)
  end
  if how then
    results, message, code = act.on(client, rows, values, how)
  end
  if results == nil then
    return nil, message, code
  elseif not results then
    return nil, "nothing was sent"
  end
  local write = values.dry_run and outcome.write_previews or outcome.write
  write(results, values)
  return outcome.exit_code_of_all(results)
end

--- A `send` (see act.on) for calls that take one request each. Where one cannot even be read, nothing was sent: its
--- outcome says so.
function act.one_by_one(call)
  return function(client, rows)
    local results = {}
    for at, row in ipairs(rows) do
      local result, message, code = call(client, row)
      results[at] = result or outcomes_of({ row }, "refused", "no", message, code)[1]
    end
    return results
  end
end

--- "this request", or "these 3 requests".
function act.count_words(rows)
  return #rows == 1 and "this request" or ("these %d requests"):format(#rows)
end

return act
