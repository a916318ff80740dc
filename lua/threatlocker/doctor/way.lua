--- The way to a service: from its name to a certificate that is trusted.
local way = {}

local ranks <const> = { none = 0, resolved = 1, connected = 2, proxied = 3, secured = 4, replied = 5 }
local days <const> = 24 * 60 * 60
local soon <const> = 14 * days
local most_skew <const> = 120 -- seconds

-- Which option names the file of trusted CAs.
local ca_options <const> = { threatlocker = "--ca-file", soar = "--soar-ca-file" }

-- Whether the look came as far as that stage.
local function has_reached(probe, stage)
  return ranks[probe.stage] >= ranks[stage]
end

local function date_of(time)
  return time and os.date("!%Y-%m-%d", time) or "an unknown date"
end

--- What stopped the look, without the label that the core's messages begin with.
function way.problem(probe)
  return (probe.failure.message:gsub("^probe: ", ""))
end

--- Its SHA-256, "89:C2:3D:…" as other tools write it.
function way.fingerprint(certificate)
  return certificate.sha256 and certificate.sha256:upper():gsub("..", "%0:"):sub(1, -2) or "unknown"
end

--- Whose it is, by whom, until when.
function way.describe(certificate)
  return ("%s, by %s, until %s"):format(certificate.subject or "without a name",
    certificate.self_signed and "itself" or certificate.issuer or "somebody unknown", date_of(certificate.not_after))
end

--------------------------------------------------------------------------------------------------------------------
-- Name, connection, proxy

local function resolve_name(patient)
  local probe, problem = patient:look()
  if not probe then
    return "failed", problem, "correct what it names, and run this again"
  elseif has_reached(probe, "resolved") then
    return "ok", ("%s: %s"):format(probe.proxy and "the proxy " .. probe.proxy or probe.host,
      table.concat(probe.addresses, ", "))
  elseif probe.proxy then
    return "failed", way.problem(probe), "correct the proxy's name: --proxy, https_proxy or all_proxy"
  end
  return "failed", way.problem(probe), ("make sure that %s is the right name, and that this machine's DNS works"
    .. " (getent hosts %s)"):format(probe.host, probe.host)
end

local function connect_tcp(patient)
  local probe = patient:look()
  if has_reached(probe, "connected") then
    return "ok", probe.proxy and "the proxy at " .. probe.address or ("%s port %d"):format(probe.address, probe.port)
  elseif probe.proxy then
    return "failed", way.problem(probe), ("make sure that the proxy %s runs and lets this machine in")
      :format(probe.proxy)
  end
  return "failed", way.problem(probe), ("let this machine connect to %s port %d in the firewall, or name a proxy "
    .. "(--proxy, https_proxy)"):format(probe.host, probe.port)
end

local function pass_proxy(patient)
  local probe = patient:look()
  if not probe.proxy then
    return "ok", "none is used"
  elseif has_reached(probe, "proxied") then
    return "ok", probe.proxy .. " opened the way"
  elseif probe.proxy_status == 407 then
    return "failed", way.problem(probe), ("give user and password in the proxy's URL: "
      .. "https_proxy=http://USER:PASSWORD@%s"):format((probe.proxy:gsub("^%w+://", "")))
  end
  return "failed", way.problem(probe), ("let the proxy %s open connections to %s port %d, or except that host from "
    .. "it (no_proxy, --proxy none)"):format(probe.proxy, probe.host, probe.port)
end

--------------------------------------------------------------------------------------------------------------------
-- TLS

local function remedy_for(certificate, probe, option)
  local now = os.time()
  if not certificate then
    return ("make sure that a TLS server answers at %s port %d, and that nothing on the way breaks TLS")
      :format(probe.host, probe.port)
  elseif certificate.not_after and certificate.not_after < now then
    return ("the certificate ended on %s: have it renewed, or set this machine's clock right")
      :format(date_of(certificate.not_after))
  elseif certificate.not_before and certificate.not_before > now then
    return ("the certificate begins on %s: set this machine's clock right"):format(date_of(certificate.not_before))
  elseif certificate.self_signed then
    return ("compare the fingerprint with the one that the server's owner tells you; if they are the same, save the "
      .. "certificate in a file and give that as %s"):format(option)
  end
  return ("if it is the right server, give the file of the CA that signed its certificate (%s) as %s; if the name "
    .. "differs, call the server by the name in its certificate"):format(certificate.issuer or "unknown", option)
end

local function refuse_tls(probe, option)
  local certificate, detail = probe.certificates[1], way.problem(probe)
  if certificate then
    detail = ("%s; its certificate, unverified: %s, SHA-256 %s"):format(detail, way.describe(certificate),
      way.fingerprint(certificate))
  end
  return "failed", detail, remedy_for(certificate, probe, option)
end

local function verify_tls(patient)
  local probe = patient:look()
  if not has_reached(probe, "secured") then
    return refuse_tls(probe, ca_options[patient.service])
  elseif not probe.https then
    return "ok", "plain http, which stays on this machine"
  end
  local certificate = probe.certificates[1]
  local detail = "trusted by " .. (probe.ca or "the system's CAs")
  if not certificate then
    return "ok", detail
  end
  detail = detail .. ": " .. way.describe(certificate)
  if certificate.not_after and certificate.not_after - os.time() < soon then
    return "warning", detail, "have the certificate renewed before " .. date_of(certificate.not_after)
  end
  return "ok", detail
end

--------------------------------------------------------------------------------------------------------------------
-- Clocks

local function compare_clocks(patient)
  local probe = patient:look()
  local skew = probe.clock_skew
  if not skew then
    return "skipped", "the reply has no date"
  end
  local detail = skew == 0 and "none" or ("the server is %d seconds %s"):format(math.abs(skew),
    skew > 0 and "ahead" or "behind")
  if math.abs(skew) > most_skew then
    return "warning", detail, "set this machine's clock right (timedatectl set-ntp true): until then, permits end and "
      .. "answers grow too old at the wrong time"
  end
  return "ok", detail
end

--- The checks from the name to TLS; "settings" stands before them.
way.checks = {
  { name = "name resolution", needs = { "settings" }, run = resolve_name },
  { name = "TCP", needs = { "name resolution" }, run = connect_tcp },
  { name = "proxy", needs = { "TCP" }, run = pass_proxy },
  { name = "TLS", needs = { "proxy" }, run = verify_tls },
}

way.clock = { name = "clock skew", needs = { "TLS" }, run = compare_clocks }

return way
