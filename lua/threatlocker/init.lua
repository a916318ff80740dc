--- ThreatLocker approvals for Lua 5.4. Unofficial; not made or endorsed by ThreatLocker or Splunk.
-- Types and explanations of everything here: types/.
local core = require "threatlocker.core"

local shortest_pause <const>, longest_pause <const> = 1, 30 -- seconds

-- What counts as movement: `watched` and `sending` only say that there is something to wait for.
local movements <const> = { "answered", "permitted", "rejected", "ignored", "left", "refused", "unknown" }

local function has_moved(counts)
  for _, name in ipairs(movements) do
    if counts[name] > 0 then
      return true
    end
  end
  return false
end

local kinds <const> = { on_step = "function", signals = "boolean" }

-- What run() was given, as a table. Raises at the caller of run().
local function check_options(given)
  if given == nil or type(given) == "function" then
    return { on_step = given }
  elseif type(given) ~= "table" then
    error("options must be a table, or a function, not a " .. type(given), 3)
  end
  local options = {}
  for name, value in next, given do
    if not kinds[name] then
      error(("unknown option '%s'; known: on_step, signals"):format(name), 3)
    elseif type(value) ~= kinds[name] then
      error(("option '%s' must be a %s, not a %s"):format(name, kinds[name], type(value)), 3)
    end
    options[name] = value
  end
  return options
end

--- Repeats step() until on_step returns true, the chain is stopped, or an error comes that trying again does not mend.
function core.methods.chain:run(given)
  local options = check_options(given)
  local signals <close> = options.signals and core.watch_signals(self) or nil
  local pause = shortest_pause
  while true do
    local counts, message, code, failure = self:step()
    local stopped = core.is_stopping(self)
    if failure and not failure.retriable and not (stopped and code == "cancelled") then
      return nil, message, code, failure
    end
    counts = counts or failure.counts
    local enough = options.on_step and options.on_step(counts, failure) == true
    if stopped or core.is_stopping(self) then
      return true, "stopped"
    elseif enough then
      return true
    end
    if has_moved(counts) then
      pause = shortest_pause
    end
    if signals then
      signals:sleep(pause)
    else
      core.sleep(pause)
    end
    pause = math.min(pause * 2, longest_pause)
  end
end

return {
  _VERSION = core._VERSION,
  null = core.null,
  client = core.client,
  soar = core.soar,
  chain = core.chain,
  history = core.history,
  array = core.array,
  json_encode = core.json_encode,
  json_decode = core.json_decode,
  clean_text = core.clean_text,
  endpoints = core.endpoints,
  sleep = core.sleep,
}
