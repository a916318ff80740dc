-- One night of lua/examples/night_shift.lua, with its surroundings played here: the playbook that puts a prompt into
-- SOAR, and the analyst who answers. The sandbox runs already: TL_READY holds its ready line.
--
--   lua5.4 night.lua LEDGER
local sandbox = require("sandbox").attach(os.getenv "TL_READY")
local answers = require "expected".answers

local function analyst_answer(request_id, what)
  if what == "expire" then
    return { match = request_id, delay_ms = 400, expire = true }
  end
  local word = (what == "change" or what == "forge") and "Permit" or what
  return { match = request_id, delay_ms = 400, status = "approved", by = "analyst", responses = { word, "as agreed" } }
end

-- A seal in which one character is another one.
local function forge(message)
  return (message:gsub("(threatlocker%-seal:1:........)(.)", function(start, character)
    return start .. (character == "A" and "B" or "A")
  end))
end

-- What the playbook's prompt block does in SOAR. Two prompts fare badly on their way.
local function ask(prepared)
  local id = prepared.request_id
  local what = answers[id:sub(-4)]
  local prompt = sandbox:call("POST", "prompt", {
    approvalRequestId = id, playbook = "local/threatlocker_approval", name = "ask_approver", minutes = 30,
    message = what == "forge" and forge(prepared.message) or prepared.message,
  })
  if what == "change" then
    sandbox:call("POST", "request", { approvalRequestId = id, set = { path = "/Applications/Other.app/Other" } })
  end
  sandbox:call("POST", "script", { answers = { analyst_answer(id, what) } })
  return prompt.approval
end

-- Nothing is open, in doubt or waiting any more.
local function is_over(counts, failure)
  return not failure and counts.watched == 0 and counts.sending == 0 and counts.answered == 0
end

io.stdout:setvbuf "line"
assert(loadfile(os.getenv "TL_EXAMPLE"))(arg[1], ask, is_over)
