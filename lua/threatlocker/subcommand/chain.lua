--- `threatlocker chain`: runs a chain, takes one step, or shows its ledger's history.
local connect = require "threatlocker.command.connect"
local history = require "threatlocker.command.history"
local output = require "threatlocker.command.output"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"
local words = require "threatlocker.command.words"

local chain = { name = "chain", summary = "turn the answers to sealed prompts into verified acts" }

chain.synopses = {
  "chain --name NAME --ledger FILE [options]",
  "chain --history --ledger FILE [--json] [--request ID]",
}

chain.services = { "portal", "soar" }

chain.about = {
  "Watches Splunk SOAR for prompts that are sealed for this chain, and permits, rejects or ignores each request once",
  "its prompt is answered. SIGTERM and SIGINT end it within 10 seconds, a second one at once; started again with the",
  "same ledger, it settles what was in flight. Exit code 3 with --once: something was left to a person.",
}

chain.examples = {
  { "threatlocker chain --name night-shift --ledger approvals.db --events events.jsonl",
    "work on the prompts of the night shift until SIGTERM, and tell a ticket system by a file" },
  { "threatlocker chain --name night-shift --ledger approvals.db --once", "one step, from a timer" },
  { "threatlocker chain --history --ledger approvals.db", "who decided what, and what came of it" },
}

chain.options = {
  { name = "name", value = "NAME", help = "acts on prompts sealed for chain:NAME" },
  { name = "ledger", value = "FILE", help = "what was seen and done; made when absent" },
  { name = "once", help = "take one step and end" },
  { name = "history", help = "show who decided what, when, by which prompt, and what came of it; "
    .. "needs no credentials" },
  { name = "json", help = "with --history: one JSON object a line" },
  { name = "request", value = "ID", help = "with --history: of this request only" },
  { name = "events", value = "FILE|-", help = "append each event as a line of JSON, on disk before going on; "
    .. "- is standard output" },
  { name = "quiet", help = "do not tell what happens" },
  { name = "max-scope", value = "SCOPE", choices = { "computer", "group", "organization" },
    help = "what no permit exceeds: computer (the default), group, organization" },
  { name = "allow-builtin", help = "permit ThreatLocker's built-in applications, too" },
  { name = "allow-path-rules", help = "permit rules other than a hash, too" },
  { name = "allow-mode", value = "MODE", list = true, choices = { "installation", "learning", "monitor" },
    help = "permit a maintenance mode, too: installation, learning, monitor" },
  { name = "max-expiry", value = "SECONDS", integer = 1, help = "permits must end within so long" },
  { name = "max-answer-age", value = "SECONDS", integer = 1, help = "older answers never act; default 86400" },
  { name = "since", value = "TIME", help = "prompts from this UTC time on; default: the ledger's birth" },
  words.options[1], words.options[2], words.options[3],
  { name = "answerers", value = "NUMBER", integer = 1, help = "so many different people must say yes, up to 5; "
    .. "default 1" },
  { name = "answerer-not-requester", help = "none of them may be who asked" },
  { name = "on-expired", value = "WHAT", choices = { "leave", "reject", "ignore" },
    help = "what to do where nobody answered in time: leave (the default), reject, ignore" },
  { name = "expired-grace", value = "SECONDS", integer = 0, help = "so long after that; default 0" },
  { name = "concurrency", value = "NUMBER", integer = 1, help = "prompts worked on side by side, up to 16; "
    .. "default 8" },
  { name = "claims", help = "several chains share one SOAR: claim each request there before acting" },
  { name = "claim-label", value = "LABEL", help = "of the containers that claim; default events" },
  { name = "claim-lease", value = "SECONDS", integer = 1, help = "when a claim lapses; default 300" },
}

function chain.check(values)
  if not values.ledger then
    return "--ledger is missing"
  elseif values.history then
    return values.once and "--history and --once exclude each other" or nil
  elseif not values.name then
    return "--name is missing"
  elseif values.json or values.request then
    return "--json and --request go with --history"
  end
  return nil
end

--------------------------------------------------------------------------------------------------------------------
-- History

local function show_history(values)
  local lines, message, code = threatlocker.history(values.ledger, values.request)
  if not lines then
    return nil, message, code
  end
  history.write(lines, values)
  return 0
end

--------------------------------------------------------------------------------------------------------------------
-- Running

local function say(...)
  io.stderr:write("threatlocker: ", string.format(...), "\n")
end

-- One event as a line for people.
local function tell(line)
  local event = assert(threatlocker.json_decode(line))
  local parts = { text.time(event.time), "prompt " .. event.approval_id, event.state }
  parts[#parts + 1] = event.request_id
  parts[#parts + 1] = event.answered_by and "by " .. event.answered_by
  local outcome = history.outcome(event)
  output.write(text.clean(table.concat(parts, "  ") .. (outcome ~= "" and ": " .. outcome or "")), "\n")
  io.stdout:flush()
end

local function chain_options(values, client, soar)
  local all = {
    client = client, soar = soar, words = words.of(values),
    event = not values.quiet and values.events ~= "-" and tell or nil,
    limits = {
      max_scope = values.max_scope, allow_builtin = values.allow_builtin, allow_modes = values.allow_mode,
      allow_path_rules = values.allow_path_rules, max_expiry = values.max_expiry,
    },
  }
  for _, name in ipairs { "name", "ledger", "events", "max_answer_age", "since", "answerers", "answerer_not_requester",
                          "on_expired", "expired_grace", "concurrency", "claims", "claim_label", "claim_lease" } do
    all[name] = values[name]
  end
  return all
end

-- What one step leaves to do, as an exit code.
local function judge(counts, failure)
  if failure then
    return nil, failure.message, failure.code
  elseif counts.sending > 0 then
    return nil, ("%d in doubt: the next start settles them"):format(counts.sending)
  end
  local for_people = counts.left + counts.unknown + counts.refused
  return for_people > 0 and 3 or 0
end

local function take_one_step(it)
  local counts, failure
  local value, message, code = it:run {
    signals = true, on_step = function(...)
      counts, failure = ...
      return true
    end,
  }
  if not value then
    return nil, message, code
  end
  return judge(counts, failure)
end

local function run_on(it)
  local told
  local value, message, code = it:run {
    signals = true, on_step = function(_, failure)
      local problem = failure and failure.code ~= "cancelled" and tostring(failure) or nil
      if problem and problem ~= told then
        say("trying again: %s", problem)
      elseif told and not problem then
        say "all is well again"
      end
      told = problem
    end,
  }
  if not value then
    return nil, message, code
  end
  say "stopped"
  return 0
end

function chain.run(values)
  if values.history then
    return show_history(values)
  end
  local client <close>, message, code = connect.client(values)
  if not client then
    return nil, message, code
  end
  local soar <close>, soar_message, soar_code = connect.soar(values)
  if not soar then
    return nil, soar_message, soar_code
  end
  local it <close>, chain_message, chain_code = threatlocker.chain(chain_options(values, client, soar))
  if not it then
    return nil, chain_message, chain_code
  end
  return (values.once and take_one_step or run_on)(it)
end

return chain
