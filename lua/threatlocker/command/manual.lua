--- The man page, from the subcommands' own tables.
local help = require "threatlocker.command.help"
local subcommands = require "threatlocker.command.subcommands"
local threatlocker = require "threatlocker"

-- As roff shows it literally: no dash becomes a hyphen, no line a request.
local function escape(line)
  return (line:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("^([.'])", "\\&%1"):gsub("\n([.'])", "\n\\&%1"))
end

local function bold(line)
  return "\\fB" .. escape(line) .. "\\fR"
end

local function add_tagged(lines, tag, explanation)
  lines[#lines + 1] = ".TP"
  lines[#lines + 1] = tag
  lines[#lines + 1] = escape(explanation)
end

local function tag_of(option)
  local spelled = (option.short and bold("-" .. option.short) .. ", " or "") .. bold("--" .. option.name)
  return spelled .. (option.value and " \\fI" .. escape(option.value) .. "\\fR" or "")
end

local function add_subcommand(lines, subcommand)
  lines[#lines + 1] = '.SS "' .. escape(subcommand.name) .. '"'
  for at, synopsis in ipairs(subcommands.synopses(subcommand)) do
    lines[#lines + 1] = at > 1 and ".br" or nil
    lines[#lines + 1] = bold "threatlocker" .. " " .. escape(synopsis)
  end
  lines[#lines + 1] = ".PP"
  lines[#lines + 1] = escape(table.concat(subcommand.about, "\n"))
  for _, operand in ipairs(subcommand.operands or {}) do
    add_tagged(lines, "\\fI" .. escape(operand.name) .. "\\fR", operand.help)
  end
  for _, option in ipairs(subcommand.options or {}) do
    add_tagged(lines, tag_of(option), help.explain(option))
  end
  for _, example in ipairs(subcommand.examples) do
    lines[#lines + 1] = ".PP\n" .. escape((example[2]:gsub("^%l", string.upper))) .. ":"
    lines[#lines + 1] = ".PP\n.RS 4\n.nf\n" .. escape(example[1]) .. "\n.fi\n.RE"
  end
end

local function add_connection(lines)
  lines[#lines + 1] = ".SH CONNECTION"
  lines[#lines + 1] = "Subcommands take these, as far as they talk to ThreatLocker or Splunk SOAR:"
  local seen = {}
  for _, subcommand in ipairs(subcommands) do
    for _, option in ipairs(subcommands.connection(subcommand)) do
      if not seen[option.name] then
        seen[option.name] = true
        add_tagged(lines, tag_of(option), help.explain(option))
      end
    end
  end
end

local function add_list(lines, title, entries)
  lines[#lines + 1] = ".SH " .. title
  for _, entry in ipairs(entries) do
    add_tagged(lines, bold(entry[1]), entry[2])
  end
end

--- The page, as roff.
return function()
  local lines = {
    ('.TH THREATLOCKER 1 "" "threatlocker %s" "User Commands"'):format(threatlocker._VERSION),
    ".SH NAME", "threatlocker \\- work ThreatLocker's queue of approval requests",
    ".SH SYNOPSIS", bold "threatlocker" .. " \\fICOMMAND\\fR [\\fIoptions\\fR]",
    ".SH DESCRIPTION",
    escape(help.about), ".PP", "Unofficial: not made or endorsed by ThreatLocker or Splunk.",
    ".SH OPTIONS",
  }
  add_tagged(lines, tag_of(subcommands.help_option), "show help; after a command, its own")
  add_tagged(lines, bold "--version", "show the version")
  lines[#lines + 1] = ".SH COMMANDS"
  for _, subcommand in ipairs(subcommands) do
    add_subcommand(lines, subcommand)
  end
  add_connection(lines)
  add_list(lines, "ENVIRONMENT", help.environment)
  add_list(lines, "EXIT STATUS", help.exit_codes)
  return table.concat(lines, "\n") .. "\n"
end
