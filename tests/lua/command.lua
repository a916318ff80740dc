--- What the specs of the command share: running it in a process of its own.
local helper = require "tests.lua.helper"

local command = { has = helper.has, slurp = helper.slurp }

--- Runs the command. Returns its exit code, and what it wrote on standard output and standard error.
function command.run(arguments, environment)
  return helper.run_script("lua/bin/threatlocker", arguments, environment or {})
end

return command
