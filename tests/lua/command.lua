--- What the specs of the command share: running it in a process of its own.
local helper = require "tests.lua.helper"

local command = { has = helper.has, slurp = helper.slurp }

--- The variables that lead the command to a sandbox; those given add to them.
function command.environment(sandbox, more)
  local all = {
    THREATLOCKER_API_KEY = sandbox.token, THREATLOCKER_BASE_URL = sandbox.portal,
    SOAR_TOKEN = sandbox.soar_token, SOAR_URL = sandbox.soar, no_proxy = "*",
  }
  for name, value in pairs(more or {}) do
    all[name] = value
  end
  return all
end

--- Runs the command. Returns its exit code, and what it wrote on standard output and standard error.
function command.run(arguments, environment)
  return helper.run_script("lua/bin/threatlocker", arguments, environment or {})
end

return command
