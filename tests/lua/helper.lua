--- What the specs share: sandboxes, clients of them, and scripts run in a process of their own.
local json = require "dkjson"
local threatlocker = require "threatlocker"

local helper = {}

-- Of the sandbox's fixtures: tests/sandbox/fixtures/default.json.
helper.msp = "0a000000-0000-4000-8000-000000000010"
helper.dental = "0a000000-0000-4000-8000-000000000042"
helper.bakery = "0a000000-0000-4000-8000-000000000043"
helper.unrelated = "0a000000-0000-4000-8000-000000000099"

function helper.request_id(number)
  return ("0e000000-0000-4000-8000-%012d"):format(number)
end

function helper.application_id(number)
  return ("0f000000-0000-4000-8000-%012d"):format(number)
end

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

--------------------------------------------------------------------------------------------------------------------
-- The sandbox

local sandbox = {}
sandbox.__index = sandbox

--- Starts one. It ends with this process whatever happens, and with stop() before.
function helper.start(options)
  local program = assert(os.getenv "TL_SANDBOX", "TL_SANDBOX must name the sandbox program")
  local pipe = assert(io.popen(("echo $$; exec %s --die-with-parent %s"):format(quote(program), options or "")))
  local self = setmetatable({ pipe = pipe, pid = assert(pipe:read "n"), clients = {} }, sandbox)
  pipe:read "l"
  local line = pipe:read "l"
  if not line then
    self:stop()
    error "the sandbox did not start"
  end
  for name, value in pairs(assert(json.decode(line))) do
    self[name] = value
  end
  return self
end

function sandbox:stop()
  for _, client in ipairs(self.clients) do
    client:close()
  end
  os.execute(("kill %d 2>/dev/null"):format(self.pid))
  self.pipe:close()
end

--- Calls the control path; returns the decoded answer.
function sandbox:call(method, path, body)
  local command = ("curl -sS --noproxy '*' --max-time 20 -X %s %s"):format(method, quote(self.control .. "/" .. path))
  if self.ca_file then
    command = command .. " --cacert " .. quote(self.ca_file)
  end
  if body then
    command = command .. " -H 'Content-Type: application/json' --data-raw " .. quote(json.encode(body))
  end
  local answer = capture(command)
  return answer ~= "" and assert(json.decode(answer)) or nil
end

function sandbox:switch(switches)
  self:call("POST", "switch", switches)
end

function sandbox:fault(fault)
  self:call("POST", "fault", fault)
end

--- The calls received since forget(), those whose path holds `part`.
function sandbox:calls(part)
  local found = {}
  for _, call in ipairs(self:call("GET", "calls")) do
    if call.path:find(part, 1, true) then
      found[#found + 1] = call
    end
  end
  return found
end

function sandbox:forget()
  self:call("DELETE", "calls")
end

--- The sandbox's own view of a request: statusId and how often each write was applied.
function sandbox:request(id)
  for _, request in ipairs(self:call("GET", "state").requests) do
    if request.approvalRequestId == id then
      return request
    end
  end
  error("the sandbox has no request " .. id)
end

local function with_defaults(options, defaults)
  for name, value in pairs(options or {}) do
    defaults[name] = value
  end
  return defaults
end

--- A client of the sandbox; `options` add to what it needs. Closed with the sandbox.
function sandbox:client(options)
  local client = assert(threatlocker.client(with_defaults(options, {
    base_url = self.portal, token = self.token, proxy = "", settle_time = 1,
  })))
  self.clients[#self.clients + 1] = client
  return client
end

function sandbox:soar_client(options)
  local soar = assert(threatlocker.soar(with_defaults(options, {
    url = self.soar, token = self.soar_token, proxy = "",
  })))
  self.clients[#self.clients + 1] = soar
  return soar
end

--------------------------------------------------------------------------------------------------------------------
-- A server that is not there, scripts, files

--- A base URL on loopback at which nobody listens: the discard port is a privileged one.
helper.nowhere = "http://127.0.0.1:9/portalapi"

local function interpreter()
  local at = 0
  while arg[at - 1] do
    at = at - 1
  end
  return arg[at]
end

--- Runs Lua code in a process of its own with exactly these variables of ours; returns what it printed.
function helper.run_with(environment, code)
  local words = { "env" }
  for _, name in ipairs { "THREATLOCKER_API_KEY", "THREATLOCKER_API_KEY_FILE", "THREATLOCKER_INSTANCE",
                          "THREATLOCKER_BASE_URL", "THREATLOCKER_ORG_ID", "SOAR_URL", "SOAR_TOKEN", "SOAR_TOKEN_FILE",
                          "SOAR_USER", "SOAR_PASSWORD" } do
    words[#words + 1] = "-u " .. name
  end
  for name, value in pairs(environment) do
    words[#words + 1] = quote(name .. "=" .. value)
  end
  words[#words + 1] = quote(interpreter())
  words[#words + 1] = "-e " .. quote('threatlocker = require "threatlocker" ' .. code)
  return (capture(table.concat(words, " ") .. " 2>&1"):gsub("\n$", ""))
end

--- A file with that content, gone when the test is over: to be kept in a <close> variable.
function helper.file(content)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "wb"))
  file:write(content)
  return setmetatable({ path = path }, { __close = function() os.remove(path) end })
end

local ledger = {}
ledger.__index = ledger

--- A path for a new ledger. It goes with remove(), or as a <close> variable, and so does what SQLite puts beside it.
function helper.ledger()
  local path = os.tmpname()
  os.remove(path)
  return setmetatable({ path = path }, ledger)
end

function ledger:remove()
  for _, suffix in ipairs { "", "-wal", "-shm", "-journal" } do
    os.remove(self.path .. suffix)
  end
end

ledger.__close = ledger.remove

--- All rows of a listing by their ids, and how many there were.
function helper.collect(...)
  local rows, count = {}, 0
  for row in ... do
    assert(not rows[row.approvalRequestId], "a row came twice")
    rows[row.approvalRequestId] = row
    count = count + 1
  end
  return rows, count
end

--- Everything a failure shows, in one text: where a secret would be seen.
function helper.everything(value, message, code, failure)
  local parts = { tostring(value), tostring(message), tostring(code), tostring(failure) }
  for name, member in pairs(type(failure) == "table" and failure or {}) do
    parts[#parts + 1] = tostring(name) .. "=" .. tostring(member)
  end
  return table.concat(parts, "\n")
end

return helper
