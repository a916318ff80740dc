-- A night is killed in the middle of a permit and started again with the same ledger: it settles that permit by
-- reading back, and no write happens twice.
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path
local sandbox = require("sandbox").start()
local night = require "night_process"
local expected = require "expected"

local permit_path <const> = "ApprovalRequestPermitApplication"

-- The permits that the server received so far, and how many of them it answered.
local function permits()
  local received, answered = 0, 0
  for _, call in ipairs(sandbox:call("GET", "calls?match=" .. permit_path)) do
    if call.method == "POST" then
      received = received + 1
      answered = answered + (type(call.status) == "number" and 1 or 0)
    end
  end
  return received, answered
end

local function kill(pid)
  assert(os.execute(("kill -9 %d"):format(pid)))
end

--- `apply`: true when the server applies the permit before the kill, "late" when it does so some time after it.
local function run_killed(apply)
  local ledger <close> = night.ledger()
  sandbox:call("POST", "reset")
  sandbox:call("POST", "fault", {
    match = permit_path, method = "POST", kind = "delay", ms = 3000, apply = apply, after = 1,
  })
  local pid, wait = night.start(sandbox, ledger.path)
  night.wait_until(function()
    local received, answered = permits()
    return answered >= 1 and received - answered == 1
  end, "one permit was on its way and the others were answered")
  kill(pid)
  wait()
  assert(night.run(sandbox, ledger.path), "the second run failed")
  local line, wrong = expected.verify(sandbox)
  assert(line, wrong)
  print(line)
end

run_killed(true)
run_killed "late"
sandbox:stop()
