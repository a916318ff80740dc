--- One of the two services, as the checks see it: what leads to it, what a look at it told, a client of it.
local connect = require "threatlocker.command.connect"

local patient = {}
patient.__index = patient

--- `attended`: somebody sits at the terminal, who can be asked.
function patient.new(service, values, attended)
  return setmetatable({ service = service, values = values, attended = attended }, patient)
end

--- What an option says, or else the variable; an empty one counts as unset. And which of the two it was.
function patient:setting(option, variable)
  local value, found = self.values[option], os.getenv(variable)
  if value then
    return value, "--" .. option:gsub("_", "-")
  end
  return found ~= "" and found or nil, variable
end

--- Makes the client that looks at the way; fails as threatlocker.client does.
function patient:prepare()
  self:close()
  local prober, message, code = connect.prober(self.service, self.values)
  self.prober = prober
  return prober, message, code
end

--- What the look tells, once for all checks.
function patient:look()
  if not self.probe then
    self.probe, self.problem = self.prober:probe()
  end
  return self.probe, self.problem
end

--- Closes what is open, and forgets what was seen.
function patient:close()
  for _, name in ipairs { "prober", "client" } do
    if self[name] then
      self[name]:close()
    end
    self[name] = nil
  end
  self.probe = nil
end

patient.__close = patient.close

return patient
