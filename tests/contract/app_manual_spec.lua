--- The permissions in the app's manual are those of the endpoint table, and its actions are the manifest's.
local threatlocker = require "threatlocker"

local function read(name)
  local file <close> = assert(io.open(name, "rb"))
  return file:read "a"
end

local manual = read "plugin/app/manual_readme_content.md"

local function names_in(list)
  local names = {}
  for name in list:gmatch "[^,]+" do
    names[#names + 1] = name:match "^%s*(.-)%s*$"
  end
  return names
end

--- What the manual writes as "Approve for …".
local any_approve = manual:match '"Approve for …" stands for any one of: (.-)%.\n'

--- One group of permissions as text that does not depend on their order.
local function group(condition, names)
  table.sort(names)
  return (condition or "always") .. ": " .. table.concat(names, ", ")
end

--- The manual's table: endpoint name to its groups, and all words of the column of actions.
local function read_manual()
  local groups, actions, current = {}, {}, nil
  for first, call, permissions in manual:gmatch "\n| ?([^|\n]-) ?| ?([^|\n]-) ?| ?([^|\n]+) |" do
    if call:find "^%u%a+Get" or call:find "^%u%a+Permit" then
      assert.is_nil(groups[call], call .. " stands there twice")
      current = {}
      groups[call] = current
      for _, action in ipairs(names_in(first)) do
        actions[action] = true
      end
    end
    if current and (call == "" or groups[call]) then
      local names = permissions:gsub("^and: ", ""):gsub("Approve for …", any_approve)
      current[#current + 1] = group(first:match "^%- (.+)$", names_in(names))
    end
  end
  return groups, actions
end

describe("the app's manual", function()
  local groups, actions = read_manual()

  it("names the permissions of every endpoint that has any, and of no other", function()
    local expected = {}
    for _, endpoint in ipairs(threatlocker.endpoints()) do
      for _, one in ipairs(endpoint.permissions) do
        expected[endpoint.name] = expected[endpoint.name] or {}
        table.insert(expected[endpoint.name], group(one.condition, one.any_of))
      end
    end
    for _, lists in ipairs { expected, groups } do
      for _, list in pairs(lists) do
        table.sort(list)
      end
    end
    assert.same(expected, groups)
  end)

  it("names actions of the manifest only", function()
    local known = {}
    for _, action in ipairs(threatlocker.json_decode(read "manifests/threatlocker.json").actions) do
      known[action.action] = true
    end
    assert.is_truthy(next(actions))
    for action in pairs(actions) do
      assert.is_true(known[action], action)
    end
  end)
end)
