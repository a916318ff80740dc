--- Completion for shells, from the subcommands' own tables.
local help = require "threatlocker.command.help"
local options = require "threatlocker.command.options"
local subcommands = require "threatlocker.command.subcommands"

local completion = {}

local function words_of(subcommand)
  local words = {}
  for _, option in ipairs(subcommands.options(subcommand)) do
    words[#words + 1] = "--" .. option.name
  end
  return words
end

-- How the value of an option is completed: a list of words, or "FILE"; nil where nothing is known.
local function values_of(named)
  return named.choices or options.is_file(named) and "FILE" or nil
end

--------------------------------------------------------------------------------------------------------------------
-- bash

-- "list) case … esac ;;": what follows each option, then the options and what operands may be.
local function bash_case(subcommand)
  local lines = { ("    %s)"):format(subcommand.name), "      case $previous in" }
  for _, option in ipairs(subcommands.options(subcommand)) do
    local values = values_of(option)
    if values == "FILE" then
      lines[#lines + 1] = ("        --%s) compopt -o default; return ;;"):format(option.name)
    elseif values then
      lines[#lines + 1] = ("        --%s) offered='%s' ;;"):format(option.name, table.concat(values, " "))
    elseif option.value then
      lines[#lines + 1] = ("        --%s) return ;;"):format(option.name)
    end
  end
  local choices = subcommand.operands and subcommand.operands[1].choices
  lines[#lines + 1] = ("        *) offered='%s%s' ;;"):format(table.concat(words_of(subcommand), " "),
    choices and " " .. table.concat(choices, " ") or "")
  lines[#lines + 1] = "      esac ;;"
  return table.concat(lines, "\n")
end

function completion.bash()
  local names = table.concat(subcommands.names, " ")
  local lines = {
    "# bash completion for threatlocker", "_threatlocker() {",
    "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} offered=",
    "  COMPREPLY=()",
    "  if [ \"$COMP_CWORD\" -eq 1 ]; then",
    ("    mapfile -t COMPREPLY < <(compgen -W '%s help --help --version' -- \"$word\")"):format(names),
    "    return",
    "  fi",
    "  case ${COMP_WORDS[1]} in",
    ("    help) offered='%s' ;;"):format(names),
  }
  for _, subcommand in ipairs(subcommands) do
    lines[#lines + 1] = bash_case(subcommand)
  end
  lines[#lines + 1] = "  esac"
  lines[#lines + 1] = "  mapfile -t COMPREPLY < <(compgen -W \"$offered\" -- \"$word\")"
  lines[#lines + 1] = "}"
  lines[#lines + 1] = "complete -F _threatlocker threatlocker"
  return table.concat(lines, "\n") .. "\n"
end

--------------------------------------------------------------------------------------------------------------------
-- zsh

-- For the inside of single quotes, in a specification where : and brackets mean something.
local function zsh_text(line)
  return (line:gsub("\\", "\\\\"):gsub("([%[%]:])", "\\%1"):gsub("'", "'\\''"))
end

local function zsh_value(named)
  local values = values_of(named)
  if values == "FILE" then
    return "_files"
  end
  return values and "(" .. table.concat(values, " ") .. ")" or " "
end

local function zsh_option(option)
  local again = option.list and "*" or ""
  local explanation = ("[%s]"):format(zsh_text(help.explain(option)))
  local value = option.value and (":%s:%s"):format(zsh_text(option.value), zsh_value(option)) or ""
  return ("        '%s--%s%s%s%s'"):format(again, option.name, option.value and "=" or "", explanation, value)
end

local function zsh_case(subcommand)
  local lines = { ("    %s)"):format(subcommand.name), "      _arguments \\" }
  for _, option in ipairs(subcommands.options(subcommand)) do
    lines[#lines + 1] = zsh_option(option) .. " \\"
  end
  for _, operand in ipairs(subcommand.operands or {}) do
    lines[#lines + 1] = ("        '%s:%s:%s' \\"):format(operand.list and "*" or "", operand.name, zsh_value(operand))
  end
  lines[#lines + 1] = "        && return ;;"
  return table.concat(lines, "\n")
end

function completion.zsh()
  local lines = {
    "#compdef threatlocker", "_threatlocker() {", "  local context state line", "  local -a commands", "  commands=(",
  }
  for _, subcommand in ipairs(subcommands) do
    lines[#lines + 1] = ("    '%s:%s'"):format(subcommand.name, zsh_text(subcommand.summary))
  end
  for _, line in ipairs {
    "    'help:show how a command is used'",
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe command commands",
    "    return",
    "  fi",
    "  shift words",
    "  (( CURRENT-- ))",
    "  case $words[1] in",
    "    help) _describe command commands ;;",
  } do
    lines[#lines + 1] = line
  end
  for _, subcommand in ipairs(subcommands) do
    lines[#lines + 1] = zsh_case(subcommand)
  end
  lines[#lines + 1] = "  esac"
  lines[#lines + 1] = "}"
  -- Run as a function of fpath, or read by eval.
  lines[#lines + 1] = 'if [ "$funcstack[1]" = _threatlocker ]; then _threatlocker "$@"'
  lines[#lines + 1] = "else compdef _threatlocker threatlocker; fi"
  return table.concat(lines, "\n") .. "\n"
end

return completion
