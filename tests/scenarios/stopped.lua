-- A chain is told to stop while a permit is on its way that takes longer than it may wait. It parks that permit and
-- ends; told twice, it ends at once. Started again with the same ledger, it settles the permit: applied once.
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path
local sandbox = require("sandbox").start()
local night = require "night_process"
local shell = require "shell"
local threatlocker = require "threatlocker"

local permit_path <const> = "ApprovalRequestPermitApplication"
local id <const> = "0e000000-0000-4000-8000-000000001003"
local organization <const> = "0a000000-0000-4000-8000-000000000043"
local hash <const> = "24788d1b48b8519db032e6a484879c6eb13035270fc45764f1fd80ce9ac7fc00"

local function now()
  return tonumber(shell.capture "date +%s.%N")
end

-- A prompt about one request, answered with yes.
local function ask_and_answer()
  local client <close> = sandbox:client()
  local choice = { application = "new", name = "Field tool", scope = "computer", rules = { { hash = hash } } }
  local prepared = assert(client:prepare_prompt({ approvalRequestId = id, organizationId = organization }, {
    executor = "chain:night-shift", choice = choice,
  }))
  local approval = sandbox:call("POST", "prompt", { approvalRequestId = id, message = prepared.message }).approval
  sandbox:call("POST", "answer", {
    approval = approval, status = "approved", by = "analyst", responses = { "Permit", "as agreed" },
  })
end

local function permits()
  local count = 0
  for _, call in ipairs(sandbox:call("GET", "calls?match=" .. permit_path)) do
    count = count + (call.method == "POST" and 1 or 0)
  end
  return count
end

-- The exit status of the process, and how many seconds it lasted from the last signal on.
local function run_stopped(ledger_path, signals)
  local pid, wait = night.start(sandbox, ledger_path, "chain_process.lua")
  night.wait_until(function() return permits() == 1 end, "the permit was on its way")
  local begun
  for _, signal in ipairs(signals) do
    threatlocker.sleep(0.2)
    begun = now()
    assert(os.execute(("kill -%s %d"):format(signal, pid)))
  end
  local _, how, status = wait()
  assert(how == "exit", how)
  return status, now() - begun
end

-- The state of the ledger's last line of history about the request.
local function last_state(ledger_path)
  local history = assert(threatlocker.history(ledger_path, id))
  return history[#history].state
end

local function expect(what, expected, got)
  if expected ~= got then
    error(("%s: expected %s, got %s"):format(what, tostring(expected), tostring(got)), 0)
  end
end

-- The server applies the permit at once, but replies later than anybody waits.
local function stop_and_restart(name, signals, longest, status_expected)
  local ledger <close> = night.ledger()
  sandbox:call("POST", "reset")
  sandbox:fault { match = permit_path, method = "POST", kind = "delay", ms = 20000, apply = true }
  ask_and_answer()
  local status, seconds = run_stopped(ledger.path, signals)
  expect(name .. ": exit status", status_expected, status)
  assert(seconds <= longest, ("%s: it ended after %.1f s"):format(name, seconds))
  expect(name .. ": in the ledger", "sending", last_state(ledger.path))
  assert(night.run(sandbox, ledger.path, "chain_process.lua"), name .. ": the second run failed")
  expect(name .. ": in the ledger afterwards", "permitted", last_state(ledger.path))
  expect(name .. ": permits applied", 1, sandbox:request(id).writes.permit)
  expect(name .. ": permits sent", 1, permits())
  print(("%s: ended %.1f s later, the permit was applied exactly once"):format(name, seconds))
end

stop_and_restart("SIGTERM", { "TERM" }, 10, 0)
stop_and_restart("SIGTERM twice", { "TERM", "TERM" }, 0.5, 128 + 15)
stop_and_restart("SIGINT, then SIGTERM", { "INT", "TERM" }, 0.5, 128 + 15)
sandbox:stop()
