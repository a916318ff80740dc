--- What a request could be permitted as, and where: `threatlocker match`.
local command = require "tests.lua.command"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local text = require "threatlocker.command.text"

local has = command.has
local updater, printer = helper.request_id(1001), helper.request_id(1003)
local builtin, own = helper.application_id(101), helper.application_id(202)

describe("match", function()
  local sandbox

  before_each(function() sandbox = helper.start() end)
  after_each(function() sandbox:stop() end)

  local function run(arguments, more)
    return command.run(arguments, sandbox:environment(more))
  end

  local function match(number, ...)
    return run { "match", helper.request_id(number), ... }
  end

  local function match_as_json(number)
    local code, out, err = match(number, "--json")
    assert.equal(0, code, err)
    return assert(json.decode(out)), err
  end

  --- "computer WS-0042 yes no, group …": each scope, what it covers, and whether own and built-in ones may.
  local function describe_scopes(result)
    local words = {}
    for at, scope in ipairs(result.scopes) do
      words[at] = ("%s %s %s"):format(scope.scope, scope.covers, scope.own.allowed and "yes" or "no")
      if scope.built_in then
        words[at] = words[at] .. (scope.built_in.allowed and " yes" or " no")
      end
    end
    return table.concat(words, ", ")
  end

  it("shows request, matches with their research, and scopes, at any width", function()
    for _, width in ipairs { 60, 80, 200 } do
      local code, out, err = run({ "match", updater }, { COLUMNS = tostring(width) })
      assert.equal(0, code)
      assert.equal("", err)
      for line in out:gmatch "[^\n]+" do
        assert.is_true(text.cells(line) <= width or line:find("^ *" .. text.guid .. "$") ~= nil, line)
      end
      for _, part in ipairs { "FieldServiceUpdater.exe", builtin, own, "\nApplications that match\n",
                              "\nWhat a permit would cover\n" } do
        has(out, part)
      end
    end
    local _, out = match(1001)
    assert.truthy(out:find "0101  Example Field Service %(Built%-In%) +master +yes +7 +5 +2 +Business Software +United",
      out)
    assert.truthy(out:find "0202  Field Service App +Example Dental Group  no\n", out)
    assert.truthy(out:find "\ngroup +Workstations +yes +no: a built%-in application is permitted for scope = org", out)
    assert.truthy(out:find "\norganization +Example Dental Group +yes +yes\n", out)
  end)

  it("gives all of it as JSON", function()
    local result = match_as_json(1001)
    local client = sandbox:client()
    assert.equal(updater, result.request.approvalRequestId)
    assert.equal(updater, result.details.approvalRequest.approvalRequestId)
    assert.equal(2, #result.matches)
    assert.equal(builtin, result.matches[1].application.applicationId)
    assert.is_true(result.matches[1].built_in)
    assert.equal(client:research(builtin).concernRating, result.matches[1].research.concernRating)
    assert.is_false(result.matches[2].built_in)
    assert.is_nil(result.matches[2].research)
    assert.equal("computer WS-0042 yes no, group Workstations yes no, organization Example Dental Group yes yes",
      describe_scopes(result))
    assert.equal("invalid", result.scopes[1].built_in.code)
  end)

  it("changes nothing", function()
    match(1001)
    for kind, count in pairs(sandbox:request(updater).writes) do
      assert.equal(0, count, kind)
    end
  end)

  for _, case in ipairs {
    { 1003, 0, "computer BAKERY-OFFICE-1 yes, group Workstations yes, organization Example Bakery Group yes" },
    { 1002, 3, "computer WS-0051 yes no, group Workstations yes no, organization Example Dental Group yes yes" },
    { 1004, 1, "computer WS-0042 yes, group Workstations yes, organization Example Dental Group yes" },
    { 1014, 1, "computer MAC-0052 yes no, group Macs yes no, organization Example Dental Group yes yes" },
    { 1012, 1, "computer BAKERY-TILL-1 yes, group Tills yes, organization Example Bakery Group yes" },
  } do
    it(("knows the scopes of request %d"):format(case[1]), function()
      local result = match_as_json(case[1])
      assert.equal(case[2], #result.matches)
      assert.equal(case[3], describe_scopes(result))
    end)
  end

  it("says so where nothing matches", function()
    local _, out = match(1003)
    has(out, "Applications that match\nnone\n")
    assert.falsy(out:find "BUILT%-IN")
  end)

  it("tells the limits of the API user and of the computer's group", function()
    sandbox:call("POST", "request", { approvalRequestId = printer, set = {
      details = { policyLevel = { canUseEntireOrganization = false },
                  computerGroupId = "0d000000-0000-4000-8000-000000000002" } } })
    local result = match_as_json(1003)
    assert.equal("computer BAKERY-OFFICE-1 yes, group All Windows Computers no, organization Example Bakery Group no",
      describe_scopes(result))
    has(result.scopes[2].own.message, "that group is global")
    has(result.scopes[3].own.message, "not allowed to this API user")
  end)

  it("says once what refuses every permit", function()
    local code, out = match(1015)
    assert.equal(0, code)
    has(out, "What a permit would cover\nNothing  the details have no `json`")
    local _, actioned = run { "match", helper.request_id(1009), "--organization", helper.dental }
    has(actioned, "Nothing  the request was already actioned: Approved by operator@example.com")
  end)

  it("warns of a storage request, which matches nothing", function()
    local code, out, err = match(1006)
    assert.equal(0, code)
    has(err, "threatlocker: a storage request matches no applications")
    has(out, "patient-list.csv")
    assert.falsy(out:find "What a permit would cover")
    local result = match_as_json(1006)
    assert.equal("[] []", json.encode(result.matches) .. " " .. json.encode(result.scopes))
  end)

  it("warns where the file tells nothing to match by", function()
    sandbox:call("POST", "request", { approvalRequestId = printer, set = { hash = "", sha256 = "" } })
    local code, out, err = match(1003)
    assert.equal(0, code)
    has(err, "no hash, SHA-256 or certificate to match applications by")
    has(out, "Applications that match\nnone\n")
  end)

  it("goes on without research that it may not read", function()
    sandbox:fault { match = "ResearchDetails", kind = "status", status = 401, times = -1 }
    local code, out, err = match(1001)
    assert.equal(0, code)
    has(err, "no research on " .. builtin)
    has(out, builtin)
  end)

  it("fails where the matches cannot be asked for", function()
    sandbox:fault { match = "GetMatchingList", kind = "status", status = 403, times = -1 }
    local code, out, err = match(1001)
    assert.equal(1, code)
    assert.equal("", out)
    has(err, "(forbidden)")
  end)
end)
