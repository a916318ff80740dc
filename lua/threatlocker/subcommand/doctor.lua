--- `threatlocker doctor`: what stands between here and a working setup.
local checks = require "threatlocker.doctor.checks"
local confirm = require "threatlocker.command.confirm"
local core = require "threatlocker.core"
local output = require "threatlocker.command.output"
local patients = require "threatlocker.doctor.patient"
local portal = require "threatlocker.doctor.portal"
local soar = require "threatlocker.doctor.soar"
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local doctor = { name = "doctor", summary = "check settings, network, credentials, permissions and clocks",
                 services = { "portal", "soar" } }

doctor.about = {
  "Checks in order what a working setup needs, and names a remedy for each failure. It changes nothing: permissions",
  "are proven by reads, and those of writes only show when they are used. Splunk SOAR is checked where its address is",
  "known; a self-signed certificate of SOAR can be saved and trusted, after asking. Exit code 1: a check failed.",
}

doctor.examples = {
  { "threatlocker doctor", "find out why nothing works" },
  { "threatlocker doctor --json | jq 'select(.status == \"failed\")'", "for a monitor: what is wrong, if anything" },
}

doctor.options = {
  { name = "json", help = "one JSON object a line: check, service, status (ok, warning, failed, skipped), detail, "
    .. "remedy" },
}

--------------------------------------------------------------------------------------------------------------------
-- Telling

local marks <const> = {
  ok = style.good "ok", warning = style.doubtful "warning", failed = style.bad "FAILED",
  skipped = style.quiet "skipped",
}
local mark_width <const>, name_width <const> = 9, 38
local titles <const> = { threatlocker = "ThreatLocker", soar = "Splunk SOAR", library = "Library" }

-- A text that begins in that column, wrapped below itself.
local function write_at(column, long, width)
  local clean = text.clean(long)
  for at, line in ipairs(width and text.wrap(clean, math.max(width - column, 20)) or { clean }) do
    output.write(at > 1 and (" "):rep(column) or "", line, "\n")
  end
end

-- "mark  check  detail", and the remedy below; in a narrow terminal the detail, too.
local function write_result(result)
  local width, below = text.width(), (" "):rep(mark_width)
  local beside = not width or width >= mark_width + name_width + 40
  output.write(marks[result.status], (" "):rep(mark_width - #result.status))
  if beside then
    output.write(text.pad(result.check, name_width))
    write_at(mark_width + name_width, result.detail, width)
  else
    output.write(result.check, "\n", below)
    write_at(mark_width, result.detail, width)
  end
  if result.remedy then
    output.write(below)
    write_at(mark_width, result.remedy, width)
  end
end

-- Writes results for people, service by service.
local function teller()
  local service
  return function(result)
    if result.service ~= service then
      output.write(service and "\n" or "", style.title(titles[result.service]), "\n")
      service = result.service
    end
    write_result(result)
    io.stdout:flush()
  end
end

local function write_json(result)
  result.remedy = result.remedy or threatlocker.null
  output.write_json(result)
end

--------------------------------------------------------------------------------------------------------------------
-- Checking

-- The oldest libcurl that everything was made for, and what is known to be there then.
local oldest_libcurl <const> = { 7, 61 }

local function check_library(patient)
  local probe = patient.probe
  if not probe then
    return "skipped", "after settings"
  end
  local major, minor = probe.libcurl:match "^(%d+)%.(%d+)"
  local found = ("%s with %s"):format(probe.libcurl, probe.tls or "no TLS library")
  major, minor = tonumber(major) or 0, tonumber(minor) or 0
  if major < oldest_libcurl[1] or major == oldest_libcurl[1] and minor < oldest_libcurl[2] then
    return "failed", found, ("install libcurl %d.%d or newer"):format(table.unpack(oldest_libcurl))
  end
  return "ok", found
end

local library <const> = { { name = "libcurl version", run = check_library } }

local function check_soar(patient, tell)
  if not patient:setting("soar_url", "SOAR_URL") then
    tell { check = "SOAR reachable", service = "soar", status = "skipped",
           detail = "neither SOAR_URL nor --soar-url is given" }
    return 0
  end
  return checks.make(soar, patient, tell)
end

function doctor.run(values)
  local tell = values.json and write_json or teller()
  local attended = not values.json and confirm.is_possible() and core.is_terminal "stdout"
  local of_portal <close> = patients.new("threatlocker", values, attended)
  local of_soar <close> = patients.new("soar", values, attended)
  local failed = checks.make(portal, of_portal, tell) + check_soar(of_soar, tell)
  failed = failed + checks.make(library, { service = "library", probe = of_portal.probe or of_soar.probe }, tell)
  return failed > 0 and 1 or 0
end

return doctor
