--- A ledger's history for people: who decided what, when, by which prompt, with which outcome and how it was verified.
local text = require "threatlocker.command.text"

local history = {}

local columns <const> = {
  { title = "TIME" }, { title = "PROMPT" }, { title = "STATE" }, { title = "DECISION", wraps = 8 },
  { title = "BY", wraps = 12 }, { title = "REQUEST" }, { title = "OUTCOME", wraps = 36 },
}

-- How many of them stand side by side in a terminal of that width; the others come below.
local function count_beside(width)
  return (not width or width >= 140) and 7 or width >= 64 and 5 or 3
end

local function clean(value)
  return value and text.clean(value) or ""
end

--- "2026-06-23 14:05:12Z"
function history.time(line)
  return (clean(line.time):gsub("T", " "):gsub("%.%d+Z$", "Z"))
end

-- What was decided: the answer, and which of several choices.
local function decision_of(line)
  return clean(line.answer) .. (line.label and (' "%s"'):format(clean(line.label)) or "")
end

--- What came of it and how that is known, in one text.
function history.outcome(line)
  local parts = {}
  if line.outcome and line.outcome ~= line.state then
    parts[#parts + 1] = clean(line.outcome)
  end
  for _, name in ipairs { "verified", "message" } do
    if line[name] then
      parts[#parts + 1] = clean(line[name])
    end
  end
  return table.concat(parts, "; ")
end

--- Whether a line is about prompts that concern this chain or a person.
local function is_ours(line)
  return line.state ~= "foreign"
end

local function cells_of(line)
  return { history.time(line), tostring(line.approval_id), clean(line.state), decision_of(line),
           clean(line.answered_by), clean(line.request_id), history.outcome(line) }
end

--- The lines as a table of that width; nil = as wide as it gets.
function history.table(lines, width)
  local rows, count = {}, count_beside(width)
  for _, line in ipairs(lines) do
    if is_ours(line) then
      local row = { below = {} }
      for at, cell in ipairs(cells_of(line)) do
        if at <= count then
          row[at] = cell
        elseif cell ~= "" then
          table.insert(row.below, cell)
        end
      end
      rows[#rows + 1] = row
    end
  end
  return text.table({ table.unpack(columns, 1, count) }, rows, width)
end

return history
