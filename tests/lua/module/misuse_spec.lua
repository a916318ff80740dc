--- Arguments and options of the wrong type, in every place of every function: each is refused by name, and nothing is
--- sent. What is wrong in a place follows from the types for editors.
local faces = require "faces"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local types = require "types"

local doc <const> = types.parse(types.text())
local hash <const> = ("0"):rep(64)

local values <const> = {
  { "boolean", true }, { "float", 1.5 }, { "integer", 7 }, { "function", print }, { "string", "no such word" },
  { "table", {} }, { "userdata", io.stdout },
}

local function expand(kind)
  return (kind:gsub("[%w_.]+", doc.aliases))
end

local allowed <const> = {
  boolean = "boolean", integer = "integer", float = "number", ["function"] = "fun%(", table = "table",
  string = "string",
}

--- Whether a place of that type takes any value of that Lua type. Words in quotes are texts, but few.
local function takes(kind, lua_type)
  kind = expand(kind)
  if kind == "any" or kind == "T" then
    return lua_type == "table" or kind == "any"
  elseif lua_type == "integer" and kind:find "number" then
    return true
  elseif lua_type == "table" and (kind:find "%[%]" or #types.classes(doc, kind) > 0) then
    return true
  end
  return allowed[lua_type] ~= nil and kind:find(allowed[lua_type]) ~= nil
end

--- Calls, and expects a failure before anything was sent that names the place.
local function expect_refusal(names, what, call, ...)
  local good, result, message, code = pcall(call, ...)
  local told = tostring(good and message or result)
  local named = false
  for _, name in ipairs(names) do
    named = named or told:find("%f[%w#_]" .. name .. "%f[^%w_]") ~= nil
  end
  assert.is_true(named and (not good or result == nil and (code == "invalid" or code == "config")),
                 ("%s: %s"):format(what, told))
end

--- What else must be there for an option to be looked at.
local function companions(class, given)
  local choice = { application = "new", name = "x", rules = { { hash = hash } } }
  local needed = {
    ["threatlocker.client_options"] = { instance = "g", token = "x" },
    ["threatlocker.soar_options"] = { url = "https://soar.example.com", token = "x" },
    ["threatlocker.chain_options"] = { name = "x", client = given.client, soar = given.soar,
                                       ledger = given.ledger.path },
    ["threatlocker.permit_choice"] = choice,
    ["threatlocker.storage_choice"] = { policy = "new", name = "x" },
    ["threatlocker.prompt_options"] = { executor = "playbook", choice = choice },
    ["threatlocker.criteria"] = { hash = hash },
  }
  return needed[class] or {}
end

describe("a wrong type", function()
  local functions <const> = faces.functions()
  local given, ledger

  setup(function()
    given, ledger = faces.unreachable(), helper.ledger()
    given.ledger = helper.ledger()
    given.chain = assert(threatlocker.chain { name = "x", client = given.client, soar = given.soar,
                                              ledger = ledger.path })
  end)

  teardown(function()
    given.chain:close()
    given.client:close()
    given.soar:close()
    ledger:remove()
    given.ledger:remove()
  end)

  for name, about in pairs(doc.functions) do
    for at, param in ipairs(about.params) do
      local class = faces.option_class(doc, param.type)

      it(("of '%s' of %s is refused by name"):format(param.name, name), function()
        local call = faces.bind(name, functions, given)
        local place = "#" .. (name:find ":" and at + 1 or at)
        for _, value in ipairs(values) do
          if not takes(param.type, value[1]) then
            expect_refusal({ place, param.name }, value[1], call,
                           faces.arguments(about.params, at, value[2], given))
          end
        end
      end)

      if class then
        it(("of each option of '%s' of %s is refused by name"):format(param.name, name), function()
          local call = faces.bind(name, functions, given)
          for option, field in pairs(types.fields(doc, class)) do
            for _, value in ipairs(values) do
              if not takes(field.type, value[1]) then
                local options = companions(class, given)
                options[option] = value[2]
                expect_refusal({ option }, option .. ", " .. value[1], call,
                               faces.arguments(about.params, at, options, given))
              end
            end
          end
        end)
      end
    end
  end
end)
