--- What came of a write: for people, and as an exit code.
local output = require "threatlocker.command.output"
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local outcome = {}

local done <const> = { permitted = true, rejected = true, ignored = true, owned = true, authorized = true,
                       preview = true }
local needs_person <const> = { already_actioned = true, unknown = true }

local given = text.given

--- 0 where it is done, 3 where a person must look, 1 where nothing was applied.
function outcome.exit_code(result)
  if done[result.outcome] then
    return 0
  end
  return needs_person[result.outcome] and 3 or 1
end

--- The exit code of several: the gravest.
function outcome.exit_code_of_all(results)
  local gravest = 0
  for _, result in ipairs(results) do
    gravest = math.max(gravest, outcome.exit_code(result))
  end
  return gravest
end

local function how_sure(result)
  local who = given(result.approved_by) and " by " .. result.approved_by or ""
  local when = given(result.action_date) and ", " .. text.time(result.action_date) or ""
  if result.verified then
    return "read back: status " .. tostring(result.status_id) .. who .. when
  elseif result.outcome == "already_actioned" then
    return "status " .. tostring(result.status_id) .. who .. when
  end
  return nil
end

-- Where a permit can be taken back.
local function undo_of(result)
  if result.outcome ~= "permitted" or not given(result.policy_id) then
    return nil
  end
  return "in the portal, Application Control > Policies: delete that policy; a new application stays in "
    .. "Application Control > Applications"
end

--- As facts (see output.write_facts).
function outcome.facts(result)
  local mark = done[result.outcome] and style.good or needs_person[result.outcome] and style.doubtful or style.bad
  return {
    { "Outcome", (result.outcome:gsub("_", " ")), mark }, { "Request", result.request_id },
    { "Verified", how_sure(result) or "no" },
    { "Why", given(result.message) and ("%s (%s)"):format(result.message, result.code or "") },
    { "Assigned to", given(result.assignee) }, { "Policy", given(result.policy_id) },
    { "Application", given(result.application_id) }, { "Operation", given(result.operation_id) },
    { "LoggerId", given(result.logger_id) }, { "Undo", undo_of(result) },
    { "Next", result.outcome == "unknown" and "it may have been applied: look at the request before trying again"
      or nil, style.doubtful },
  }
end

--- Writes all results: as facts, a blank line between them, or as JSON lines.
function outcome.write(results, values)
  for at, result in ipairs(results) do
    if values.json then
      output.write_json(result)
    else
      output.write(at > 1 and "\n" or "")
      output.write_facts(outcome.facts(result))
    end
  end
end

--- Writes the bodies of previews, byte for byte as they would be sent.
function outcome.write_previews(previews, values)
  for _, preview in ipairs(previews) do
    if values.json or preview.outcome ~= "preview" then
      outcome.write({ preview }, values)
    else
      output.write(preview.body_json, "\n")
    end
  end
end

return outcome
