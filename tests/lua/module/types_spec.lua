--- The types for editors say what is there, no more and no less. What is there is found out, not listed here: functions
--- from the module's own tables, options from the errors that name those known, row members from the sandbox.
local faces = require "faces"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local types = require "types"

local id <const> = helper.request_id(1003)
local text <const> = types.text()
local doc <const> = types.parse(text)

--------------------------------------------------------------------------------------------------------------------
-- Options

local bogus <const> = { no_such_option = 1 }

--- The names that a call knows, from its error about one that it does not.
local function known_names(call, ...)
  local good, result, message = pcall(call, ...)
  message = tostring(good and message or result)
  local list = assert(message:match "known: ([%w_, ]+)", message)
  local names = {}
  for name in list:gmatch "[%w_]+" do
    names[name] = true
  end
  return names
end

--- organization_id is taken out before the core looks at a table, so that the core's list lacks it.
local function takes_organization(call, ...)
  local good, message = pcall(call, ...)
  return not good and message:find("member 'organization_id' must be a string", 1, true) ~= nil
end

local function add_options(members, functions, given)
  for name, about in pairs(doc.functions) do
    local call = faces.bind(name, functions, given)
    for at, param in ipairs(about.params) do
      local class = faces.option_class(doc, param.type)
      if class then
        local names = known_names(call, faces.arguments(about.params, at, bogus, given))
        if takes_organization(call, faces.arguments(about.params, at, { organization_id = 5 }, given)) then
          names.organization_id = true
        end
        members[class] = names
      end
    end
  end
end

--- Tables within options.
local function add_inner_options(members, client)
  local probes = {
    ["threatlocker.limits"] = { threatlocker.chain, { limits = bogus } },
    ["threatlocker.words"] = { threatlocker.chain, { words = bogus } },
    ["threatlocker.rule"] = { client.permit, client, id, { application = "new", name = "x", rules = { bogus } } },
    ["threatlocker.choice"] = { client.prepare_prompt, client, id, { executor = "playbook", choice = bogus } },
    ["threatlocker.labelled_choice"] = { client.prepare_prompt, client, id,
                                         { executor = "playbook", choices = { bogus } } },
    ["threatlocker.file_certificate"] = { client.matching_applications, client, { certs = { bogus } } },
  }
  for class, probe in pairs(probes) do
    members[class] = known_names(table.unpack(probe))
  end
  -- The core's criteria may name a request; in Lua what has an approvalRequestId is a row.
  members["threatlocker.criteria"].approvalRequestId = nil
end

--- Functions and options as they are.
local function find_real()
  local given <close> = faces.unreachable()
  local functions, members = faces.functions(), { threatlocker = {} }
  for name, value in pairs(threatlocker) do
    members.threatlocker[name] = type(value) ~= "function" and true or nil
  end
  add_options(members, functions, given)
  add_inner_options(members, given.client)
  return { functions = functions, members = members }
end

--- All classes of option tables that functions take, and those within them.
local function option_classes()
  local found = {}
  local function add(kind)
    local class = faces.option_class(doc, kind)
    if class and not found[class] then
      found[class] = true
      for _, field in pairs(types.fields(doc, class)) do
        add(field.type)
      end
    end
  end
  for _, about in pairs(doc.functions) do
    for _, param in ipairs(about.params) do
      add(param.type)
    end
  end
  return found
end

--------------------------------------------------------------------------------------------------------------------
-- Rows

local function find_members(sandbox, wrong)
  local members = {}
  local client = sandbox:client { null = threatlocker.null }
  for row in client:requests { children = true } do
    types.add_members(doc, members, "threatlocker.row", row, wrong)
    if row.requestKind ~= "storage" then
      types.add_members(doc, members, "threatlocker.permit_details", assert(client:permit_details(row)), wrong)
    end
  end
  return members
end

describe("the types", function()
  it("describe everything they name", function()
    assert.same({}, types.undescribed(doc))
  end)

  it("have every function, method and option, and no other", function()
    assert.same({}, types.compare(doc, find_real()))
  end)

  it("are compared for every table of options that any function takes", function()
    local members = find_real().members
    local count = 0
    for class in pairs(option_classes()) do
      assert.is_table(members[class], class)
      count = count + 1
    end
    assert.is_true(count > 25)
  end)

  it("have every member of a request and its details, and no other", function()
    local sandbox = helper.start()
    local wrong = {}
    local members = find_members(sandbox, wrong)
    sandbox:stop()
    assert.same({}, types.compare(doc, { functions = doc.functions, members = members }))
    assert.same({}, wrong)
    assert.is_table(members["threatlocker.request_timer"])
    assert.is_table(members["threatlocker.action_log"])
  end)
end)

describe("the comparison of the types", function()
  local real
  setup(function() real = find_real() end)

  --- The types with one part of their text replaced.
  local function changed(part, other)
    local first, last = assert(text:find(part, 1, true))
    return types.parse(text:sub(1, first - 1) .. other .. text:sub(last + 1))
  end

  local cases = {
    { "function client:permit(id, choice, options) end", "", "client:permit is not described" },
    { "function requests:totals() end", "", "requests:totals is not described" },
    { "function threatlocker.sleep(seconds) end", "", "threatlocker.sleep is not described" },
    { "function chain:stop() end", "function chain:halt() end", "chain:halt is not there",
      "chain:stop is not described" },
    { "---@field dry_run? boolean  return the exact body, send nothing; not in a prompt", "",
      "threatlocker.choice.dry_run is not described", "threatlocker.permit_choice.dry_run is not described" },
    { '---@field ["until"]?', "---@field till?", "threatlocker.audit_query.till is not there",
      "threatlocker.audit_query.until is not described" },
    { "---@field claims? boolean", "---@field claim? boolean", "threatlocker.chain_options.claim is not there",
      "threatlocker.chain_options.claims is not described" },
    { "---@field null lightuserdata", "---@field nothing lightuserdata", "threatlocker.nothing is not there",
      "threatlocker.null is not described" },
  }
  for _, case in ipairs(cases) do
    it("reports exactly: " .. table.concat(case, ", ", 3), function()
      assert.same({ table.unpack(case, 3) }, types.compare(changed(case[1], case[2]), real))
    end)
  end

  it("reports a member of rows that is missing, and one that is too many", function()
    local members = { ["threatlocker.file_certificate"] = { sha = true, subject = true, validCert = true } }
    local with = { functions = doc.functions, members = members }
    assert.same({}, types.compare(doc, with))
    members["threatlocker.file_certificate"].sha = nil
    members["threatlocker.file_certificate"].issuer = true
    assert.same({ "threatlocker.file_certificate.issuer is not described",
                  "threatlocker.file_certificate.sha is not there" }, types.compare(doc, with))
  end)

  it("reports what has no description", function()
    local bare = changed("---@field name string  as the portal shows it", "---@field name string")
    assert.same({ "threatlocker.application.name" }, types.undescribed(bare))
    bare = changed("--- Waits, for scripts that poll.\n", "")
    assert.same({ "threatlocker.sleep" }, types.undescribed(bare))
  end)
end)
