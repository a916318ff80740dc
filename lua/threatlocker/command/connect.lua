--- The two services as options and environment say, for subcommands.
local threatlocker = require "threatlocker"

local connect = {}

local day_seconds <const> = 24 * 60 * 60

local shared <const> = {
  { name = "client-cert", value = "FILE", help = "PEM file of a client certificate" },
  { name = "client-key", value = "FILE", help = "its key; default: in the same file" },
  { name = "proxy", value = "URL", help = "of the proxy; default: the environment's; 'none' = no proxy" },
  { name = "timeout", value = "SECONDS", number = true, most = day_seconds, help = "for one call, retries included; "
    .. "default 60" },
  { name = "connect-timeout", value = "SECONDS", number = true, most = day_seconds, help = "to connect; default 10" },
  { name = "retries", value = "NUMBER", integer = 0, most = 20, help = "of reads, 0 to 20; default 3. Writes are never "
    .. "retried" },
  { name = "verbose", short = "v", help = "tell of each call on standard error" },
}

local own <const> = {
  portal = {
    { name = "organization", value = "ID", help = "the organization to work in; default THREATLOCKER_ORG_ID, "
      .. "else the token's own" },
    { name = "instance", value = "LETTER", help = "of the portal; default THREATLOCKER_INSTANCE" },
    { name = "base-url", value = "URL", help = "instead of the instance; default THREATLOCKER_BASE_URL" },
    { name = "ca-file", value = "FILE", help = "PEM file of trusted CAs instead of the system's" },
  },
  soar = {
    { name = "soar-url", value = "URL", help = "of Splunk SOAR; default SOAR_URL" },
    { name = "soar-ca-file", value = "FILE", help = "PEM file of the CAs, or of the certificate, that SOAR has" },
  },
}

--- The options that go with these services: "portal", "soar".
function connect.options(services)
  local all = {}
  for _, service in ipairs(services) do
    table.move(own[service], 1, #own[service], #all + 1, all)
  end
  if #all > 0 then
    table.move(shared, 1, #shared, #all + 1, all)
  end
  return all
end

local function say(line)
  io.stderr:write(line, "\n")
end

local function connection(values)
  return {
    client_cert = values.client_cert, client_key = values.client_key, timeout = values.timeout,
    connect_timeout = values.connect_timeout, retries = values.retries, log = values.verbose and say or nil,
    proxy = values.proxy == "none" and "" or values.proxy, null = values.json and threatlocker.null or nil,
  }
end

local function portal_options(values)
  local options = connection(values)
  options.instance, options.base_url, options.ca_file = values.instance, values.base_url, values.ca_file
  options.organization_id = values.organization
  return options
end

local function soar_options(values)
  local options = connection(values)
  options.url, options.ca_file = values.soar_url, values.soar_ca_file
  return options
end

--- A client of the portal; fails as threatlocker.client does. `fields` are the members of rows that are needed; with
--- --json all are.
function connect.client(values, fields)
  local options = portal_options(values)
  options.fields = not values.json and fields or nil
  return threatlocker.client(options)
end

--- A client of Splunk SOAR; fails as threatlocker.soar does.
function connect.soar(values)
  return threatlocker.soar(soar_options(values))
end

local function with(service, act, message, code)
  local open <close> = service
  if not open then
    return nil, message, code
  end
  return act(open)
end

--- What act(client) returns, with a client of the portal that is closed afterwards; nil, a message and a code where
--- there is none.
function connect.with_client(values, act, fields)
  local client, message, code = connect.client(values, fields)
  return with(client, act, message, code)
end

--- The same with a client of Splunk SOAR.
function connect.with_soar(values, act)
  local soar, message, code = connect.soar(values)
  return with(soar, act, message, code)
end

--- A client of either ("threatlocker", "soar") that has no credentials and needs none: for probe() alone.
function connect.prober(service, values)
  local options = service == "soar" and soar_options(values) or portal_options(values)
  options.token = "none"
  return threatlocker[service == "soar" and "soar" or "client"](options)
end

return connect
