--- The command `threatlocker`: finds the subcommand, reads its options, runs it.
local confirm = require "threatlocker.command.confirm"
local help = require "threatlocker.command.help"
local nearest = require "threatlocker.command.nearest"
local options = require "threatlocker.command.options"
local output = require "threatlocker.command.output"
local subcommands = require "threatlocker.command.subcommands"
local threatlocker = require "threatlocker"

local command = {}

local exit <const> = { done = 0, failed = 1, usage = 2, interrupted = 130 }

local function warn_user(message)
  io.stderr:write("threatlocker: ", message, "\n")
end

local function refuse(message, subcommand)
  warn_user(message)
  io.stderr:write(("Try: threatlocker %s--help\n"):format(subcommand and subcommand.name .. " " or ""))
  return exit.usage
end

local function refuse_unknown(name)
  local near = nearest(name, subcommands.names)
  return refuse(("there is no command '%s'%s"):format(name, near and (" (did you mean %s?)"):format(near) or ""))
end

-- What a subcommand raised, as an exit code.
local function report_raised(raised)
  if confirm.is_interrupt(raised) then
    warn_user "interrupted"
    return exit.interrupted
  end
  warn_user(tostring(raised))
  return exit.failed
end

local function run(subcommand, values)
  local good, code, message, name = pcall(subcommand.run, values)
  if not good then
    return report_raised(code)
  elseif not code then
    if name == "usage" then
      warn_user(message)
      return exit.usage
    end
    warn_user(name and ("%s (%s)"):format(message, name) or message)
    return exit.failed
  end
  local written, problem = output.finish()
  if not written then
    warn_user(problem)
    return exit.failed
  end
  return code
end

local function print_text(text)
  return run({ run = function()
    output.write(text)
    return exit.done
  end })
end

--- Runs the command with these arguments; returns its exit code.
function command.main(arguments)
  local name = arguments[1]
  if not name then
    io.stderr:write(help.general())
    return exit.usage
  elseif name == "--help" or name == "-h" or name == "help" and not arguments[2] then
    return print_text(help.general())
  elseif name == "--version" then
    return print_text("threatlocker " .. threatlocker._VERSION .. "\n")
  elseif name == "help" then
    name, arguments = arguments[2], { arguments[2], "--help" }
  end
  local subcommand = subcommands.find(name)
  if not subcommand then
    return refuse_unknown(name)
  end
  local values, wrong = options.parse(subcommands.options(subcommand), subcommand.operands or {}, arguments, 2)
  if values and values.help then
    return print_text(help.of(subcommand))
  end
  wrong = wrong or subcommand.check and subcommand.check(values)
  if wrong then
    return refuse(wrong, subcommand)
  end
  return run(subcommand, values)
end

return command
