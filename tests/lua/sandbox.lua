--- A sandbox process and its control path (tests/sandbox/README.md), for specs and scenarios.
local json = require "dkjson"
local shell = require "shell"
local threatlocker = require "threatlocker"

local sandbox = {}
sandbox.__index = sandbox

--- One that runs already, by its ready line: its members are this object's.
function sandbox.attach(ready_line)
  local self = assert(json.decode(ready_line))
  self.ready_line, self.clients = ready_line, {}
  return setmetatable(self, sandbox)
end

--- Starts one; TL_SANDBOX names the program. It ends with this process whatever happens, and with stop() before.
function sandbox.start(options)
  local program = assert(os.getenv "TL_SANDBOX", "TL_SANDBOX must name the sandbox program")
  local pipe = assert(io.popen(("echo $$; exec %s --die-with-parent %s"):format(shell.quote(program), options or "")))
  local pid = assert(pipe:read "n")
  pipe:read "l"
  local line = pipe:read "l"
  if not line then
    pipe:close()
    error "the sandbox did not start"
  end
  local self = sandbox.attach(line)
  self.pid, self.pipe = pid, pipe
  return self
end

--- Ends one that start() started.
function sandbox:stop()
  for _, client in ipairs(self.clients) do
    client:close()
  end
  os.execute(("kill %d 2>/dev/null"):format(self.pid))
  self.pipe:close()
end

--- Calls the control path; returns the decoded answer.
function sandbox:call(method, path, body)
  local address = shell.quote(self.control .. "/" .. path)
  local command = ("curl -sS --noproxy '*' --max-time 20 -X %s %s"):format(method, address)
  if self.ca_file then
    command = command .. " --cacert " .. shell.quote(self.ca_file)
  end
  if body then
    command = command .. " -H 'Content-Type: application/json' --data-raw " .. shell.quote(json.encode(body))
  end
  local answer = shell.capture(command)
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

--- The variables that lead scripts and the command to the sandbox; those given add to them.
function sandbox:environment(more)
  return with_defaults(more, {
    THREATLOCKER_API_KEY = self.token, THREATLOCKER_BASE_URL = self.portal,
    SOAR_TOKEN = self.soar_token, SOAR_URL = self.soar, no_proxy = "*",
  })
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

return sandbox
