--- Every function and method of the module, found in its own tables, and how the types say they are called.
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local types = require "types"

local faces = {}

local objects <const> = { "client", "soar", "chain", "requests" }

--- The methods of an object's type. Scripts cannot reach them so; see lifetime_spec.
function faces.methods(object)
  return debug.getregistry()["threatlocker." .. object].__index
end

--- By name as they are called: "threatlocker.history", "client:permit".
function faces.functions()
  local functions = {}
  for name, value in pairs(threatlocker) do
    functions["threatlocker." .. name] = type(value) == "function" and value or nil
  end
  for _, object in ipairs(objects) do
    for name, method in pairs(faces.methods(object)) do
      functions[object .. ":" .. name] = method
    end
  end
  return functions
end

local function is_object(class)
  for _, object in ipairs(objects) do
    if class == "threatlocker." .. object then
      return true
    end
  end
  return false
end

--- The class of tables of named options that a type allows, if any.
function faces.option_class(doc, kind)
  for _, class in ipairs(types.classes(doc, kind)) do
    if not is_object(class) and not types.is_open(doc, class) then
      return class
    end
  end
  return nil
end

--- A function that calls the one of that name, a method with its object among `given`.
function faces.bind(name, functions, given)
  local call, object = functions[name], name:match "^(%w+):"
  return function(...)
    if object then
      return call(given[object], ...)
    end
    return call(...)
  end
end

--- Arguments of the right types, but `value` at one place.
function faces.arguments(params, place, value, given)
  local values = {}
  for at = 1, #params do
    local kind = params[at].type
    if kind:find "threatlocker%.soar$" then
      values[at] = given.soar
    elseif kind:find "^string" then
      values[at] = helper.request_id(1003)
    elseif kind:find "^integer" then
      values[at] = 1
    else
      values[at] = {}
    end
  end
  values[place] = value
  return table.unpack(values, 1, #params)
end

--- Services at which nobody listens: whatever is sent fails with "network".
function faces.unreachable()
  local given = {
    client = assert(threatlocker.client { base_url = helper.nowhere, token = "x", proxy = "", retries = 0 }),
    soar = assert(threatlocker.soar { url = "http://127.0.0.1:9", token = "x", proxy = "", retries = 0 }),
  }
  return setmetatable(given, { __close = function()
    given.client:close()
    given.soar:close()
  end })
end

return faces
