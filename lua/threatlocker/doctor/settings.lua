--- What options and environment say: whether it is enough to begin with.
local settings = {}

-- By the first word of the message: the option that is wrong, or "No" of "No instance: …" and "No SOAR address: …".
local remedies <const> = {
  No = {
    threatlocker = "set THREATLOCKER_INSTANCE or give --instance: the letter that the portal shows under Help as "
      .. "\"ThreatLocker Access (G)\"",
    soar = "set SOAR_URL or give --soar-url: https://soar.example.com, without /rest",
  },
  instance = "correct --instance or THREATLOCKER_INSTANCE: the letter that the portal shows under Help as "
    .. "\"ThreatLocker Access (G)\"",
  base_url = "correct --base-url or THREATLOCKER_BASE_URL: https://portalapi.g.threatlocker.com/portalapi",
  organization_id = "correct --organization or THREATLOCKER_ORG_ID",
  url = "correct --soar-url or SOAR_URL: https://soar.example.com, without /rest",
  ca_file = { threatlocker = "correct --ca-file", soar = "correct --soar-ca-file" },
  client_cert = "correct --client-cert",
  client_key = "correct --client-key",
  SSLKEYLOGFILE = "unset SSLKEYLOGFILE",
}

local function remedy_for(message, service)
  local remedy = remedies[message:match "^[%w_]+"] or "correct what it names"
  return type(remedy) == "table" and remedy[service] or remedy
end

-- Both are given, by options or by variables alone: not an error, but one of the two may be meant.
local function names_two_places(patient)
  local url, url_from = patient:setting("base_url", "THREATLOCKER_BASE_URL")
  local instance, instance_from = patient:setting("instance", "THREATLOCKER_INSTANCE")
  local alike = (url_from:sub(1, 2) == "--") == (instance_from:sub(1, 2) == "--")
  return url and instance and alike and ("unset %s or %s"):format(instance_from, url_from)
end

--- Where the portal is, in words.
function settings.place(patient)
  local url, url_from = patient:setting("base_url", "THREATLOCKER_BASE_URL")
  local instance, instance_from = patient:setting("instance", "THREATLOCKER_INSTANCE")
  if url and (url_from == "--base-url" or instance_from ~= "--instance") then
    return "base URL " .. url
  end
  return "instance " .. instance
end

local function read_portal(patient)
  local two = names_two_places(patient)
  if two then
    return "warning", settings.place(patient) .. " counts, though an instance is given, too", two
  end
  return "ok", settings.place(patient)
end

local function read_soar(patient)
  return "ok", (patient:setting("soar_url", "SOAR_URL"))
end

local function check(patient)
  local prober, message = patient:prepare()
  if not prober then
    return "failed", message, remedy_for(message, patient.service)
  end
  return (patient.service == "soar" and read_soar or read_portal)(patient)
end

settings.check = { name = "settings", run = check }

return settings
