--- What the specs share: sandboxes, clients of them, and scripts run in a process of their own.
local sandbox = require "sandbox"
local shell = require "shell"

local helper = { start = sandbox.start }

-- Of the sandbox's fixtures: tests/sandbox/fixtures/default.json.
helper.msp = "0a000000-0000-4000-8000-000000000010"
helper.dental = "0a000000-0000-4000-8000-000000000042"
helper.bakery = "0a000000-0000-4000-8000-000000000043"
helper.unrelated = "0a000000-0000-4000-8000-000000000099"

helper.printer_hash = "24788d1b48b8519db032e6a484879c6eb13035270fc45764f1fd80ce9ac7fc00" -- of request 1003's file
helper.storage_policy = "0b000000-0000-4000-8000-000000000601"

function helper.request_id(number)
  return ("0e000000-0000-4000-8000-%012d"):format(number)
end

function helper.application_id(number)
  return ("0f000000-0000-4000-8000-%012d"):format(number)
end

--------------------------------------------------------------------------------------------------------------------
-- A server that is not there, scripts, files

--- A base URL on loopback at which nobody listens: the discard port is a privileged one.
helper.nowhere = "http://127.0.0.1:9/portalapi"

--- The start of a shell command that runs with exactly these variables of ours.
function helper.environment(environment)
  local words = { "env" }
  for _, name in ipairs { "THREATLOCKER_API_KEY", "THREATLOCKER_API_KEY_FILE", "THREATLOCKER_INSTANCE",
                          "THREATLOCKER_BASE_URL", "THREATLOCKER_ORG_ID", "SOAR_URL", "SOAR_TOKEN", "SOAR_TOKEN_FILE",
                          "SOAR_USER", "SOAR_PASSWORD", "COLUMNS" } do
    words[#words + 1] = "-u " .. name
  end
  for name, value in pairs(environment) do
    words[#words + 1] = shell.quote(name .. "=" .. value)
  end
  return table.concat(words, " ") .. " "
end

--- Runs Lua code in a process of its own with exactly these variables of ours; returns what it printed.
function helper.run_with(environment, code)
  local program = shell.quote(shell.interpreter()) .. " -e "
  local script = shell.quote('threatlocker = require "threatlocker" ' .. code)
  return (shell.capture(helper.environment(environment) .. program .. script .. " 2>&1"):gsub("\n$", ""))
end

--- A file's content.
function helper.slurp(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The shell command that runs a script with these arguments and exactly these variables of ours.
function helper.script_command(script, arguments, environment)
  local words = { helper.environment(environment) .. shell.quote(shell.interpreter()), script }
  for _, word in ipairs(arguments) do
    words[#words + 1] = shell.quote(word)
  end
  return table.concat(words, " ")
end

--- Runs it. Returns its exit code, and what it wrote on standard output and standard error. Standard input is the file
--- at that path, or none.
function helper.run_script(script, arguments, environment, input)
  local out <close> = helper.file ""
  local err <close> = helper.file ""
  local _, how, code = os.execute(("%s <%s >%s 2>%s"):format(helper.script_command(script, arguments, environment),
    shell.quote(input or "/dev/null"), out.path, err.path))
  assert(how == "exit", how)
  return code, helper.slurp(out.path), helper.slurp(err.path)
end

--- A file with that content, gone when the test is over: to be kept in a <close> variable.
function helper.file(content)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "wb"))
  file:write(content)
  return setmetatable({ path = path }, { __close = function() os.remove(path) end })
end

local ledger = {}
ledger.__index = ledger

--- A path for a new ledger. It goes with remove(), or as a <close> variable, and so does what SQLite puts beside it.
function helper.ledger()
  local path = os.tmpname()
  os.remove(path)
  return setmetatable({ path = path }, ledger)
end

function ledger:remove()
  for _, suffix in ipairs { "", "-wal", "-shm", "-journal" } do
    os.remove(self.path .. suffix)
  end
end

ledger.__close = ledger.remove

--- Calls, and expects an error that holds the message.
function helper.raises(message, call, ...)
  local good, raised = pcall(call, ...)
  if good then
    error("nothing was raised in place of: " .. message, 2)
  elseif not tostring(raised):find(message, 1, true) then
    error(("raised %q in place of: %s"):format(tostring(raised), message), 2)
  end
end

--- Expects that the text holds the part.
function helper.has(text, part)
  if not text:find(part, 1, true) then
    error(("there is no %q in:\n%s"):format(part, text), 2)
  end
end

--- The elements of a list by one of their members.
function helper.by(member, list)
  local found = {}
  for _, element in ipairs(list) do
    found[element[member]] = element
  end
  return found
end

--- All rows of a listing by their ids, and how many there were.
function helper.collect(...)
  local rows, count = {}, 0
  for row in ... do
    assert(not rows[row.approvalRequestId], "a row came twice")
    rows[row.approvalRequestId] = row
    count = count + 1
  end
  return rows, count
end

--- Everything a failure shows, in one text: where a secret would be seen.
function helper.everything(value, message, code, failure)
  local parts = { tostring(value), tostring(message), tostring(code), tostring(failure) }
  for name, member in pairs(type(failure) == "table" and failure or {}) do
    parts[#parts + 1] = tostring(name) .. "=" .. tostring(member)
  end
  return table.concat(parts, "\n")
end

return helper
