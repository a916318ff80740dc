-- Prints the functions of the Lua module, one a line: what is really there, with the parameters of its types.
local faces = require "faces"
local types = require "types"

local described = types.parse(types.text()).functions
local lines = {}
for name in pairs(faces.functions()) do
  local params = {}
  for at, param in ipairs(described[name].params) do
    params[at] = param.name .. (param.optional and "?" or "") .. ": " .. param.type
  end
  lines[#lines + 1] = ("%s(%s)"):format(name, table.concat(params, ", "))
end
table.sort(lines)
print(table.concat(lines, "\n"))
