--- SOAR's prompts for people: what its records and its detail view tell of them.
local text = require "threatlocker.command.text"

local prompts = {}

local given = text.given

local function object(value)
  return type(value) == "table" and value or {}
end

--- The text that whoever answers is shown, and the questions; nil where the detail view tells none.
function prompts.question(summary)
  local first = object(object(summary.notification_targets)[1])
  local parameters = object(object(first.parameters)[1])
  local message = parameters.message
  return type(message) == "string" and given(message) or nil, given(parameters.response_types)
end

local function first_line(summary)
  local message = prompts.question(summary)
  return message and message:match "[^\r\n]+"
end

-- "local/threatlocker_approval"
local function playbook_of(summary)
  local name, repository = given(summary.playbook_name), given(summary.playbook_repo)
  return name and repository and ("%s/%s"):format(repository, name) or name
end

-- "Suspicious address (31)"
local function container_of(summary)
  local id, name = given(summary.container_id), given(summary.container_name)
  return id and name and ("%s (%s)"):format(name, id) or id or name
end

local function time_of(record, member)
  return given(record[member]) and text.minute(record[member])
end

--- Columns of a list of records; those with `summary` = true show what their detail view tells, in row.summary.
prompts.columns = {
  { name = "prompt", fields = { "id" } },
  { name = "status", fields = { "status" } },
  { name = "due", get = function(row) return time_of(row, "due_time") end },
  { name = "name", fields = { "name" }, wraps = 12 },
  { name = "kind", summary = true, get = function(row) return row.summary.action_type end },
  { name = "playbook", summary = true, wraps = 12, get = function(row) return playbook_of(row.summary) end },
  { name = "container", summary = true, wraps = 12, get = function(row) return container_of(row.summary) end },
  { name = "started", extra = true, get = function(row) return time_of(row, "start_time") end },
  { name = "closed", extra = true, get = function(row) return time_of(row, "close_time") end },
  { name = "message", extra = true, summary = true, wraps = 20,
    get = function(row) return first_line(row.summary) end },
}

--- Facts (see output.write_facts) of { approval, summary, answer } as soar:approval_summary() and soar:prompt_answer()
--- give them.
function prompts.facts(prompt)
  local record, summary, answer = prompt.approval, prompt.summary, prompt.answer
  local responses = given(answer.responses) and table.concat(answer.responses, "; ")
  return {
    { "Prompt", tostring(record.id) }, { "Status", given(record.status) }, { "Name", given(record.name) },
    { "Kind", given(summary.action_type) }, { "Playbook", playbook_of(summary) },
    { "Container", container_of(summary) }, { "Asked", given(summary.owner) },
    { "Started", time_of(record, "start_time") }, { "Due", time_of(record, "due_time") },
    { "Closed", time_of(record, "close_time") }, { "Answer", given(responses) },
    { "Answered by", given(answer.answered_by) }, { "Read as", ("%s: %s"):format(answer.reading, answer.reason) },
  }
end

return prompts
