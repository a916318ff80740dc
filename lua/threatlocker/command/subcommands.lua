--- All subcommands, in the order in which help shows them. Help, the man page and completion read the same tables.
---
--- A subcommand is a table: name, summary, about (lines of help), operands and options (see options.lua), synopses
--- (usage lines that differ from "[options] OPERANDS"), examples ({ command line, what it does }), services (those it
--- talks to: "portal", "soar"; their options of connection come by themselves), check(values), which returns what is
--- wrong with them, and run(values), which returns an exit code, or fails as the module's functions do: nil, a message,
--- a code.
local connect = require "threatlocker.command.connect"

local names <const> = { -- one file of subcommand/ each
  "list", "show", "count", "match", "applications", "organizations", "groups", "research", "permit", "reject",
  "ignore", "own", "authorize", "file", "prompt", "prompts", "chain", "review", "doctor", "endpoints",
  "completion", "manual",
}

local subcommands = { names = names, help_option = { name = "help", short = "h", help = "show this" } }

for at, name in ipairs(names) do
  subcommands[at] = require("threatlocker.subcommand." .. name)
end

--- Nil where there is none.
function subcommands.find(name)
  for _, subcommand in ipairs(subcommands) do
    if subcommand.name == name then
      return subcommand
    end
  end
  return nil
end

--- The options that tell where its services are.
function subcommands.connection(subcommand)
  return connect.options(subcommand.services or {})
end

--- The options of a subcommand in groups, as help shows them: { title, option, option, … }.
function subcommands.option_groups(subcommand)
  local own = { title = "Options", table.unpack(subcommand.options or {}) }
  table.insert(own, subcommands.help_option)
  local groups = { own }
  local connection = subcommands.connection(subcommand)
  if #connection > 0 then
    connection.title = "Connection"
    table.insert(groups, connection)
  end
  return groups
end

--- All of them in one list.
function subcommands.options(subcommand)
  local all = {}
  for _, group in ipairs(subcommands.option_groups(subcommand)) do
    table.move(group, 1, #group, #all + 1, all)
  end
  return all
end

--- Usage lines, without "threatlocker".
function subcommands.synopses(subcommand)
  if subcommand.synopses then
    return subcommand.synopses
  end
  local words = { subcommand.name, "[options]" }
  for _, operand in ipairs(subcommand.operands or {}) do
    local word = operand.name .. (operand.list and "..." or "")
    words[#words + 1] = operand.optional and "[" .. word .. "]" or word
  end
  return { table.concat(words, " ") }
end

return subcommands
