--- The command `threatlocker`: finds the subcommand, reads its options, runs it.
---
--- A subcommand is a table: name, summary, synopsis (what its usage line shows after the name), about (lines of help),
--- options (see options.lua), check(values), which returns what is wrong with them, and run(values), which returns an
--- exit code, or fails as the module's functions do: nil, a message, a code.
local options = require "threatlocker.command.options"

local command = {}

command.exit = { done = 0, failed = 1, usage = 2, person = 3 }

local subcommands <const> = { (require "threatlocker.command.chain") }

local help_option <const> = { name = "help", help = "show this" }

local function warn_user(message)
  io.stderr:write("threatlocker: ", message, "\n")
end

local function refuse(message, subcommand)
  warn_user(message)
  io.stderr:write(("Try: threatlocker %s--help\n"):format(subcommand and subcommand.name .. " " or ""))
  return command.exit.usage
end

local function general_help()
  local lines = { "usage: threatlocker COMMAND [options]", "", "Works ThreatLocker's queue of approval requests.", "" }
  for _, subcommand in ipairs(subcommands) do
    lines[#lines + 1] = ("  %-14s %s"):format(subcommand.name, subcommand.summary)
  end
  for _, line in ipairs {
    "", "`threatlocker COMMAND --help` tells the options of each.", "",
    "Environment: THREATLOCKER_API_KEY or THREATLOCKER_API_KEY_FILE, THREATLOCKER_INSTANCE or THREATLOCKER_BASE_URL,",
    "THREATLOCKER_ORG_ID; SOAR_URL, SOAR_TOKEN or SOAR_TOKEN_FILE, or SOAR_USER and SOAR_PASSWORD.",
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a person must look.",
    "Unofficial: not made or endorsed by ThreatLocker or Splunk.",
  } do
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\n") .. "\n"
end

local function help(subcommand)
  local lines = { ("usage: threatlocker %s %s"):format(subcommand.name, subcommand.synopsis), "" }
  for _, line in ipairs(subcommand.about) do
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\n") .. "\n\n" .. options.help(subcommand.options, help_option)
end

local function find(name)
  for _, subcommand in ipairs(subcommands) do
    if subcommand.name == name then
      return subcommand
    end
  end
  return nil
end

--- What was printed is out, or the exit code says that it is not.
local function print_out(text)
  local good, message = io.stdout:write(text)
  if good then
    good, message = io.stdout:flush()
  end
  if not good then
    warn_user("standard output: " .. message)
    return command.exit.failed
  end
  return command.exit.done
end

local function run(subcommand, values)
  local good, code, message, name = pcall(subcommand.run, values)
  if not good then
    warn_user(tostring(code))
    return command.exit.failed
  elseif not code then
    warn_user(name and ("%s (%s)"):format(message, name) or message)
    return command.exit.failed
  end
  return code
end

--- Runs the command with these arguments; returns its exit code.
function command.main(arguments)
  local name = arguments[1]
  if not name then
    io.stderr:write(general_help())
    return command.exit.usage
  elseif name == "--help" or name == "-h" or name == "help" and not arguments[2] then
    return print_out(general_help())
  elseif name == "help" then
    name, arguments = arguments[2], { arguments[2], "--help" }
  end
  local subcommand = find(name)
  if not subcommand then
    return refuse(("there is no command '%s'"):format(name))
  end
  local values, wrong = options.parse({ help_option, table.unpack(subcommand.options) }, arguments, 2)
  if values and values.help then
    return print_out(help(subcommand))
  end
  wrong = wrong or subcommand.check(values)
  if wrong then
    return refuse(wrong, subcommand)
  end
  return run(subcommand, values)
end

return command
