--- The checks of ThreatLocker's Portal API, in order.
local connect = require "threatlocker.command.connect"
local core = require "threatlocker.core"
local permissions = require "threatlocker.doctor.permissions"
local settings = require "threatlocker.doctor.settings"
local way = require "threatlocker.doctor.way"

local token_length <const> = 64 -- hex digits, as far as anybody saw [A2 of the API reference]

local new_token <const> = "make a token in the portal (Users, API Users), and give it as THREATLOCKER_API_KEY, or in a "
  .. "file that THREATLOCKER_API_KEY_FILE names"

-- What is wrong with the token by itself. The client that is made to find out is kept for the later checks.
local function check_shape(patient)
  local secret, message = core.secret "THREATLOCKER_API_KEY"
  if secret == nil then
    return "failed", message, "correct THREATLOCKER_API_KEY or THREATLOCKER_API_KEY_FILE, one of the two"
  elseif not secret then
    return "failed", "there is no token", new_token
  end
  if patient.prober then
    patient.client, message = connect.client(patient.values)
    if not patient.client then
      return "failed", message, new_token
    end
  end
  if secret.length ~= token_length or not secret.hex then
    return "warning", ("%d characters from %s"):format(secret.length, secret.from),
      "a token has 64 hexadecimal digits: make sure that it is an API user's, and not an organization's Auth Key"
  end
  return "ok", "64 hexadecimal digits from " .. secret.from
end

-- Without a token the API answers 403; 401 and 440 come from the same gate.
local gate <const> = { [401] = true, [403] = true, [440] = true }

local function check_instance(patient)
  local probe, place = patient:look(), settings.place(patient)
  local status = probe.http_status
  if not status then
    return "failed", way.problem(probe),
      "run this again; if it stays, make sure that this is the right place: " .. place
  elseif gate[status] then
    return "ok", ("%s: answers as the API does (HTTP %d without a token)"):format(place, status)
  elseif status == 429 or status >= 500 then
    return "warning", ("%s: HTTP %d"):format(place, status), "the service is in trouble: run this again later"
  end
  return "failed", ("%s: HTTP %d, which is not the API's answer to a call without a token"):format(place, status),
    "give the letter of the instance, or a base URL like https://portalapi.g.threatlocker.com/portalapi"
end

local remedies <const> = {
  token = "make sure that instance and token belong together, and that the token was not deleted and did not expire "
    .. "(it does when it is not used); otherwise make a new one in the portal (Users, API Users)",
  forbidden = "make sure that --organization or THREATLOCKER_ORG_ID names an organization that the API user reaches",
}

local function check_token(patient)
  local pending, message, code = patient.client:count()
  if pending then
    return "ok", ("%d pending requests"):format(pending)
  elseif code == "permission" then
    return "ok", "though it may not count requests"
  end
  return "failed", message, remedies[code] or "run this again later"
end

local checks = { settings.check }
table.move(way.checks, 1, #way.checks, #checks + 1, checks)
table.insert(checks, { name = "token shape", run = check_shape })
table.insert(checks, { name = "instance", needs = { "TLS" }, run = check_instance })
table.insert(checks, { name = "token accepted", needs = { "instance", "token shape" }, run = check_token })
table.move(permissions.checks, 1, #permissions.checks, #checks + 1, checks)
table.insert(checks, way.clock)

return checks
