--- The checks of Splunk SOAR, in order.
local connect = require "threatlocker.command.connect"
local settings = require "threatlocker.doctor.settings"
local trust = require "threatlocker.doctor.trust"
local way = require "threatlocker.doctor.way"

local function check_reply(patient)
  local probe = patient:look()
  local status = probe.http_status
  if not status then
    return "failed", way.problem(probe), "run this again; if it stays, make sure that SOAR's web server runs"
  elseif status == 200 or status == 401 or status == 403 then
    return "ok", ("HTTP %d without credentials"):format(status)
  elseif status >= 500 then
    return "failed", ("HTTP %d"):format(status), "make sure that SOAR's services run"
  end
  return "failed", ("HTTP %d at /rest/version"):format(status), "make sure that --soar-url or SOAR_URL is SOAR's own "
    .. "address, without /rest"
end

local remedies <const> = {
  token = "make sure that the token is an automation user's, and that this machine is among its allowed IP addresses "
    .. "(Administration, User Management)",
  forbidden = "give the automation user's role the right to view approvals",
  config = "set SOAR_TOKEN or SOAR_TOKEN_FILE, or SOAR_USER and SOAR_PASSWORD",
}

-- The version tells who answers; the approvals are what a chain reads.
local function check_credentials(patient)
  local client, message, code = connect.soar(patient.values)
  patient.client = client
  local version, approvals
  if client then
    version, message, code = client:version()
  end
  if version then
    approvals, message, code = client:approvals { limit = 1 }
  end
  if not approvals then
    return "failed", message, remedies[code] or "run this again later"
  end
  return "ok", "SOAR " .. version
end

local checks = { settings.check }
for at, check in ipairs(way.checks) do
  checks[at + 1] = check.name == "TLS" and { name = check.name, needs = check.needs, run = check.run,
                                             mend = trust.offer } or check
end
table.insert(checks, { name = "SOAR reachable", needs = { "TLS" }, run = check_reply })
table.insert(checks, { name = "SOAR credentials accepted", needs = { "SOAR reachable" }, run = check_credentials })
table.insert(checks, way.clock)

return checks
