-- Calls every function and method of the Lua module against a server that tries to make them say a secret, and prints
-- all that comes of it: results as JSON, errors in every form, what tostring() makes of each object. What is in it is
-- judged by test_secrets.py.
package.path = arg[1] .. "/?.lua;" .. arg[1] .. "/tests/lua/?.lua;" .. package.path
local calls = require "tests.lua.calls"
local threatlocker = require "threatlocker"

local modes <const> = {
  { name = "forward", mode = "forward" },
  { name = "refuse", mode = "refuse" },
  { name = "error-credentials", mode = "error", form = "credentials", status = 400 },
  { name = "error-escaped", mode = "error", form = "escaped", status = 401 },
  { name = "helpful-credentials", mode = "helpful", form = "credentials" },
}

local mode_name, depth = "start", 0

local function show(value, seen)
  local parts = { tostring(value) }
  if type(value) == "table" and not seen[value] then
    seen[value] = true
    for name, member in pairs(value) do
      parts[#parts + 1] = show(name, seen) .. "=" .. show(member, seen)
    end
    local good, encoded = pcall(threatlocker.json_encode, value)
    parts[#parts + 1] = good and encoded or tostring(encoded)
  end
  return table.concat(parts, " ")
end

local function print_call(name, results)
  local texts = {}
  for at = 1, results.n do
    texts[at] = show(results[at], {})
  end
  local result = results[1] == nil and tostring(results[3]) or "ok"
  io.stdout:write(("\n\x1e%s %s in mode %s\n"):format(name, result, mode_name), table.concat(texts, "\n"), "\n")
  return table.unpack(results, 1, results.n)
end

-- Every method prints what it returns, but for calls that others make.
local function listen_to(object, name)
  local methods = debug.getmetatable(object).__index
  for method, call in pairs(methods) do
    methods[method] = function(...)
      depth = depth + 1
      local results = table.pack(pcall(call, ...))
      depth = depth - 1
      print_call(name .. ":" .. method, { n = results.n - 1, table.unpack(results, 2, results.n) })
      if not results[1] then
        error(results[2], 0)
      end
      return table.unpack(results, 2, results.n)
    end
  end
end

local function say(line)
  io.stdout:write("\n\x1elog in mode ", mode_name, "\n", line, "\n")
end

local function listen_to_all(world)
  listen_to(world.client, "client")
  listen_to(world.soar, "soar")
  listen_to(world.chain, "chain")
end

local function print_files(world)
  for name, path in pairs { ledger = world.ledger.path, wal = world.ledger.path .. "-wal", events = world.path } do
    local file <close> = assert(io.open(path, "rb"))
    io.stdout:write(("\n\x1efile %s in mode %s\n"):format(name, mode_name), file:read "a")
  end
end

local function prepare(world, case, mode)
  world.sandbox:call("POST", "relay", { mode = "forward" })
  local given = case.prepare(world)
  world.sandbox:call("POST", "relay", mode)
  return given
end

local function run_all(world, mode)
  mode_name = mode.name
  world.sandbox:call("POST", "reset", {})
  world:ask()
  world.sandbox:call("POST", "relay", mode)
  for _, case in ipairs(calls.cases) do
    local given = case.prepare and prepare(world, case, mode)
    print_call(case.title, table.pack(pcall(case.run, world, given)))
  end
  world.sandbox:call("POST", "relay", { mode = "forward" })
  assert(world:open_chain():step())
  print_files(world)
  print_call("tostring", table.pack(tostring(world.client), tostring(world.soar), tostring(world.chain)))
end

-- What is wrong is told without the secret that is wrong.
local function refuse_options(box)
  mode_name = "options"
  for _, ending in ipairs { "\r\nX: 1", "\n", "\0", "\1", " ", "\127" } do
    print_call("threatlocker.client", table.pack(pcall(threatlocker.client,
      { base_url = box.portal, token = box.token .. ending })))
    print_call("threatlocker.soar", table.pack(pcall(threatlocker.soar,
      { url = box.soar, token = box.soar_token .. ending })))
  end
  print_call("threatlocker.client", table.pack(pcall(threatlocker.client, { token = { box.token } })))
end

local world = calls.start(say)
local good, problem = xpcall(function()
  listen_to_all(world)
  for _, mode in ipairs(modes) do
    run_all(world, mode)
  end
  refuse_options(world.sandbox)
end, debug.traceback)
world:stop()
assert(good, problem)
