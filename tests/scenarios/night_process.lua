-- Runs night.lua, or another script of this folder, as a process of its own, so that it can be killed.
local shell = require "shell"
local threatlocker = require "threatlocker"

local night = {}

local here <const> = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$" or "."

local function command(sandbox, ledger_path, script)
  local words = { "exec env" }
  local environment = {
    TL_READY = sandbox.ready_line, TL_EXAMPLE = here .. "/../../lua/examples/night_shift.lua",
    THREATLOCKER_BASE_URL = sandbox.portal, THREATLOCKER_API_KEY = sandbox.token,
    SOAR_URL = sandbox.soar, SOAR_TOKEN = sandbox.soar_token,
    LUA_PATH_5_4 = here .. "/?.lua;" .. package.path, LUA_CPATH_5_4 = package.cpath,
  }
  for name, value in pairs(environment) do
    words[#words + 1] = shell.quote(name .. "=" .. value)
  end
  for _, word in ipairs { shell.interpreter(), here .. "/" .. (script or "night.lua"), ledger_path } do
    words[#words + 1] = shell.quote(word)
  end
  return table.concat(words, " ")
end

--- A path for a new ledger, to be kept in a <close> variable.
function night.ledger()
  local path = os.tmpname()
  os.remove(path)
  return setmetatable({ path = path }, {
    __close = function()
      for _, suffix in ipairs { "", "-wal", "-shm", "-journal" } do os.remove(path .. suffix) end
    end,
  })
end

--- Runs it to its end, its output going to ours; true when it ended well.
function night.run(sandbox, ledger_path, script)
  return os.execute(command(sandbox, ledger_path, script)) == true
end

--- Starts it; returns its process id and a function that waits for its end.
function night.start(sandbox, ledger_path, script)
  local pipe = assert(io.popen("echo $$; " .. command(sandbox, ledger_path, script)))
  return assert(pipe:read "n"), function() return pipe:close() end
end

--- Waits for something to come true while a process runs, half a minute at most.
function night.wait_until(condition, what)
  for _ = 1, 600 do
    if condition() then return end
    threatlocker.sleep(0.05)
  end
  error("waited in vain until " .. what)
end

return night
