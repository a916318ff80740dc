--- A sandbox process and its control path (tests/sandbox/README.md), for specs and scenarios.
local json = require "dkjson"

local sandbox = {}
sandbox.__index = sandbox

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

--- One that runs already, by its ready line: its members are this object's.
function sandbox.attach(ready_line)
  local self = assert(json.decode(ready_line))
  self.ready_line = ready_line
  return setmetatable(self, sandbox)
end

--- Starts one; TL_SANDBOX names the program. It ends with this process whatever happens, and with stop() before.
function sandbox.start(options)
  local program = assert(os.getenv "TL_SANDBOX", "TL_SANDBOX must name the sandbox program")
  local pipe = assert(io.popen(("echo $$; exec %s --die-with-parent %s"):format(quote(program), options or "")))
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

return sandbox
