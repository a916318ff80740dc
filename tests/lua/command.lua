--- What the specs of the command share: running it in a process of its own.
local helper = require "tests.lua.helper"
local shell = require "shell"

local command = {}

--- A file's content.
function command.slurp(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

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
  local words = {}
  for at, word in ipairs(arguments) do
    words[at] = shell.quote(word)
  end
  local out <close> = helper.file ""
  local err <close> = helper.file ""
  local _, how, code = os.execute(("%s %s lua/bin/threatlocker %s >%s 2>%s"):format(
    helper.environment(environment or {}), shell.quote(shell.interpreter()), table.concat(words, " "), out.path,
    err.path))
  assert(how == "exit", how)
  return code, command.slurp(out.path), command.slurp(err.path)
end

--- Expects that the text holds the part.
function command.has(text, part)
  if not text:find(part, 1, true) then
    error(("there is no %q in:\n%s"):format(part, text), 2)
  end
end

return command
