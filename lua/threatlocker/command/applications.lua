--- Applications for people: which are ThreatLocker's own, and the columns of lists of them.
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local applications = {}

--- Whether ThreatLocker keeps it itself. One without an owner counts as such, as it does for a permit.
function applications.is_builtin(application)
  local owner = text.given(application.organizationName)
  return owner == nil or tostring(owner):lower() == "master"
end

applications.columns = {
  { name = "application", fields = { "applicationId" } },
  { name = "name", wraps = 16,
    get = function(application) return text.given(application.name) or application.applicationName end },
  { name = "organization", fields = { "organizationName" }, wraps = 12 },
  { name = "built-in", style = function(mark) return mark:find "yes" and style.doubtful(mark) or mark end,
    get = function(application) return applications.is_builtin(application) and "yes" or "no" end },
  { name = "organization-id", extra = true, fields = { "organizationId" } },
}

return applications
