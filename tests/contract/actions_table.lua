--- README's table of the app's actions: what they do from the manifest, what they call from the app's manual, and the
--- permissions of these calls from the endpoint table.
local threatlocker = require "threatlocker"

local table_of = {}

local function read(name)
  local file <close> = assert(io.open(name, "rb"))
  return file:read "a"
end

--- ThreatLocker's calls of each action, in the manual's order.
local function calls()
  local found = {}
  for actions, call in read("plugin/app/manual_readme_content.md"):gmatch "\n| (%l[^|\n]-) | (%u%a+) |" do
    for action in actions:gmatch "[^,]+" do
      action = action:match "^%s*(.-)%s*$"
      found[action] = found[action] or {}
      table.insert(found[action], call)
    end
  end
  return found
end

local function permissions_by_call()
  local found = {}
  for _, endpoint in ipairs(threatlocker.endpoints()) do
    found[endpoint.name] = endpoint.permissions
  end
  return found
end

--- "A, B or C". The seven that begin with "Approve for" and name a scope stand together as one.
local function any_of(names)
  local shown, approve = {}, 0
  for _, name in ipairs(names) do
    approve = approve + (name:find "^Approve for [EGS]" and 1 or 0)
  end
  for _, name in ipairs(names) do
    if approve < 7 or not name:find "^Approve for [EGS]" then
      shown[#shown + 1] = name
    end
  end
  table.sort(shown)
  if approve == 7 then
    table.insert(shown, 1, "Approve for …")
  end
  local last = table.remove(shown)
  return shown[1] and table.concat(shown, ", ") .. " or " .. last or last
end

--- Each group once: those that always hold, then those with a condition.
local function permissions(names, by_call)
  local always, sometimes, seen = {}, {}, {}
  for _, call in ipairs(names or {}) do
    for _, group in ipairs(by_call[call]) do
      local part = (group.condition and group.condition .. ": " or "") .. any_of(group.any_of)
      local parts = group.condition and sometimes or always
      parts[#parts + 1] = not seen[part] and part or nil
      seen[part] = true
    end
  end
  table.move(sometimes, 1, #sometimes, #always + 1, always)
  return always[1] and table.concat(always, "; ") or "none documented"
end

--- The whole table, as it stands in README.
function table_of.actions()
  local calls_of, by_call = calls(), permissions_by_call()
  local lines = { "| action | what it does | | permissions |", "|---|---|---|---|" }
  for _, action in ipairs(threatlocker.json_decode(read "manifests/threatlocker.json").actions) do
    lines[#lines + 1] = ("| %s | %s | %s | %s |"):format(action.action, action.description,
      action.read_only and "reads" or "writes", permissions(calls_of[action.action], by_call))
  end
  return table.concat(lines, "\n") .. "\n"
end

return table_of
