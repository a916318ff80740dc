--- `threatlocker manual`
local output = require "threatlocker.command.output"

local manual = { name = "manual", summary = "print the man page" }

manual.about = { "Prints the man page of this command, as roff." }

manual.examples = { { "threatlocker manual | man -l -", "read it" } }

function manual.run()
  -- Loaded late: it reads the table of subcommands, this one among them.
  local page = require "threatlocker.command.manual"
  output.write(page())
  return 0
end

return manual
