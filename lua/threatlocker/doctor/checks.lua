--- Makes checks in order, and tells what came of each.
---
--- A check is a table: name; needs (a list of checks before it, which must not have failed); run(patient), which
--- returns a status ("ok", "warning", "failed", "skipped"), a detail and, unless all is well, a remedy; and perhaps
--- mend(patient), which removes the cause of a failure together with whoever sits at the terminal, and returns true
--- when it is to be checked again.
local checks = {}

-- The check whose failure keeps this one from being made.
local function blocker_of(check, blocked)
  for _, name in ipairs(check.needs or {}) do
    if blocked[name] then
      return blocked[name]
    end
  end
  return nil
end

local function make(check, patient, tell)
  local status, detail, remedy = check.run(patient)
  tell { check = check.name, service = patient.service, status = status, detail = detail, remedy = remedy }
  return status
end

--- Returns how many checks failed. `tell` gets each result: { check, service, status, detail, remedy }.
function checks.make(list, patient, tell)
  local blocked, failed = {}, 0
  for _, check in ipairs(list) do
    local blocker = blocker_of(check, blocked)
    if blocker then
      blocked[check.name] = blocker
      tell { check = check.name, service = patient.service, status = "skipped", detail = "after " .. blocker }
    else
      local status = make(check, patient, tell)
      if status == "failed" and check.mend and patient.attended and check.mend(patient) then
        status = make(check, patient, tell)
      end
      if status == "failed" then
        blocked[check.name] = check.name
        failed = failed + 1
      end
    end
  end
  return failed
end

return checks
