--- A ledger's history for people: who decided what, when, by which prompt, with which outcome and how it was verified.
local output = require "threatlocker.command.output"
local text = require "threatlocker.command.text"

local history = {}

-- What was decided: the answer, and which of several choices.
local function decision_of(line)
  return (line.answer or "") .. (line.label and (' "%s"'):format(line.label) or "")
end

--- What came of it and how that is known, in one text.
function history.outcome(line)
  local parts = {}
  if line.outcome ~= line.state then
    parts[1] = line.outcome
  end
  parts[#parts + 1] = line.verified
  parts[#parts + 1] = line.message
  return table.concat(parts, "; ")
end

history.columns = {
  { name = "time", get = function(line) return text.time(line.time) end },
  { name = "prompt", fields = { "approval_id" } },
  { name = "state", fields = { "state" } },
  { name = "decision", get = decision_of, wraps = 8 },
  { name = "by", fields = { "answered_by" }, wraps = 12 },
  { name = "request", fields = { "request_id" } },
  { name = "outcome", get = history.outcome, wraps = 36 },
}

--- Writes the lines; those of "foreign" prompts, which concern neither this chain nor a person, as JSON only.
function history.write(lines, values)
  local shown = {}
  for _, line in ipairs(lines) do
    shown[#shown + 1] = (values.json or line.state ~= "foreign") and line or nil
  end
  output.write_list(history.columns, shown, values)
end

return history
