--- Trusting a self-signed certificate: after a person compared its fingerprint, and never by overwriting anything.
local confirm = require "threatlocker.command.confirm"
local core = require "threatlocker.core"
local text = require "threatlocker.command.text"
local way = require "threatlocker.doctor.way"

local trust = {}

local function say(...)
  confirm.write(text.clean(string.format(...)), "\n")
end

--- Offers to save SOAR's certificate where it is its own issuer. True when it was, and is trusted from now on.
function trust.offer(patient)
  local probe = patient:look()
  local certificate = probe.certificates[1]
  if not certificate or not certificate.self_signed or not probe.certificate_pem then
    return false
  end
  local path = ("soar-%s.pem"):format((probe.host:gsub("[^%w.-]", "_")))
  say("SOAR at %s has the certificate %s.", probe.host, way.describe(certificate))
  say("Nobody vouches for it. Compare its SHA-256 with the one that SOAR's owner tells you:")
  say("  %s", way.fingerprint(certificate))
  if not confirm.is_wanted(("Save it to %s and trust it for SOAR?"):format(path)) then
    return false
  end
  local saved, message = core.create_file(path, probe.certificate_pem)
  if not saved then
    say("%s", message)
    return false
  end
  say("Saved. Give it to every command that talks to SOAR: --soar-ca-file %s (ca_file in Lua).", path)
  patient.values.soar_ca_file = path
  return patient:prepare() ~= nil
end

return trust
