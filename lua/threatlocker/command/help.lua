--- What --help says, from the subcommands' own tables.
local subcommands = require "threatlocker.command.subcommands"
local text = require "threatlocker.command.text"

local help = {}

local column <const> = 28
local widest <const> = 100

local width <const> = math.max(math.min(text.width() or widest, widest), 2 * column)

help.about = "Works ThreatLocker's queue of approval requests: lists them, shows which applications match, and "
  .. "permits, rejects or ignores them: once, verified, on record."

--- What the environment and the exit codes mean, for help and the man page.
help.environment = {
  { "THREATLOCKER_API_KEY, THREATLOCKER_API_KEY_FILE", "the API token, or a file that holds it" },
  { "THREATLOCKER_INSTANCE, THREATLOCKER_BASE_URL", "which portal, one of the two" },
  { "THREATLOCKER_ORG_ID", "the organization to work in" },
  { "SOAR_URL", "where Splunk SOAR is" },
  { "SOAR_TOKEN, SOAR_TOKEN_FILE", "the token of an automation user, or a file that holds it" },
  { "SOAR_USER, SOAR_PASSWORD", "instead of a token" },
  { "https_proxy, all_proxy", "the proxy, unless --proxy names one" },
  { "no_proxy", "hosts that are reached without a proxy" },
  { "SSLKEYLOGFILE", "must not be set: it would write the keys of TLS to a file" },
  { "COLUMNS", "the width of what is shown, instead of the terminal's" },
  { "NO_COLOR", "set to anything: no colours" },
}
help.exit_codes = {
  { "0", "done" }, { "1", "failed" }, { "2", "wrong usage" }, { "3", "a person must look" },
  { "130", "interrupted by Ctrl-C" },
}

-- "  left   explanation", the explanation wrapped below itself.
local function describe(left, explanation)
  local lines = text.wrap(explanation, width - column)
  if #left + 2 > column then
    table.insert(lines, 1, "")
  end
  lines[1] = left .. (" "):rep(column - #left) .. lines[1]
  return (table.concat(lines, "\n" .. (" "):rep(column)):gsub(" +\n", "\n"))
end

--- "-y, --yes" or "--name NAME".
function help.spell(option)
  return (option.short and "-" .. option.short .. ", " or "") .. "--" .. option.name
    .. (option.value and " " .. option.value or "")
end

--- What an option or operand does, in one text.
function help.explain(named)
  return named.help .. (named.value and named.list and " (may be repeated)" or "")
end

local function add_wrapped(lines, long)
  local wrapped = text.wrap(long, width)
  table.move(wrapped, 1, #wrapped, #lines + 1, lines)
end

local function add_examples(lines, subcommand)
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Examples:"
  for _, example in ipairs(subcommand.examples) do
    lines[#lines + 1] = ""
    for _, line in ipairs(text.wrap(example[2], width - 2)) do
      lines[#lines + 1] = "  # " .. line
    end
    lines[#lines + 1] = "  " .. example[1]
  end
end

--- The help of one subcommand.
function help.of(subcommand)
  local lines = {}
  for at, synopsis in ipairs(subcommands.synopses(subcommand)) do
    lines[at] = (at == 1 and "usage: " or "       ") .. "threatlocker " .. synopsis
  end
  lines[#lines + 1] = ""
  add_wrapped(lines, table.concat(subcommand.about, " "))
  if subcommand.operands then
    lines[#lines + 1] = ""
    for _, operand in ipairs(subcommand.operands) do
      lines[#lines + 1] = describe("  " .. operand.name, operand.help)
    end
  end
  for _, group in ipairs(subcommands.option_groups(subcommand)) do
    lines[#lines + 1] = ""
    lines[#lines + 1] = group.title .. ":"
    for _, option in ipairs(group) do
      lines[#lines + 1] = describe("  " .. help.spell(option), help.explain(option))
    end
  end
  add_examples(lines, subcommand)
  return table.concat(lines, "\n") .. "\n"
end

--- The help of the whole command.
function help.general()
  local lines = { "usage: threatlocker COMMAND [options]", "" }
  add_wrapped(lines, help.about)
  lines[#lines + 1] = ""
  for _, subcommand in ipairs(subcommands) do
    lines[#lines + 1] = ("  %-14s %s"):format(subcommand.name, subcommand.summary)
  end
  lines[#lines + 1] = ""
  add_wrapped(lines, "`threatlocker COMMAND --help` tells the options of each and shows examples.")
  lines[#lines + 1] = ""
  lines[#lines + 1] = "Environment:"
  for _, each in ipairs(help.environment) do
    lines[#lines + 1] = describe("  " .. each[1], each[2])
  end
  local codes = {}
  for at, each in ipairs(help.exit_codes) do
    codes[at] = each[1] .. " " .. each[2]
  end
  lines[#lines + 1] = ""
  add_wrapped(lines, "Exit codes: " .. table.concat(codes, ", ") .. ".")
  add_wrapped(lines, "Unofficial: not made or endorsed by ThreatLocker or Splunk.")
  return table.concat(lines, "\n") .. "\n"
end

return help
