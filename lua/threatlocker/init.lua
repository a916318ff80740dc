--- ThreatLocker approvals for Lua 5.4. Unofficial; not made or endorsed by ThreatLocker or Splunk.
-- Types and explanations of everything here: types.lua.
local core = require "threatlocker.core"

local shortest_pause, longest_pause <const> = 1, 30

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

--- Repeats step() until on_step returns true, or until an error that trying again does not mend.
function core.methods.chain:run(on_step)
  if on_step ~= nil and type(on_step) ~= "function" then
    error("on_step must be a function, not a " .. type(on_step), 2)
  end
  local pause = shortest_pause
  while true do
    local counts, message, code, failure = self:step()
    if failure then
      if not failure.retriable then
        return nil, message, code, failure
      end
      counts = failure.counts
    end
    if on_step and on_step(counts, failure) == true then
      return true
    end
    if has_moved(counts) then
      pause = shortest_pause
    end
    core.sleep(pause)
    pause = math.min(pause * 2, longest_pause)
  end
end

return {
  _VERSION = core._VERSION,
  null = core.null,
  client = core.client,
  soar = core.soar,
  chain = core.chain,
  array = core.array,
  json_encode = core.json_encode,
  json_decode = core.json_decode,
  endpoints = core.endpoints,
  sleep = core.sleep,
}
