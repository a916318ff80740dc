local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local by, raises = helper.by, helper.raises

local id = helper.request_id(1001)
local row = { approvalRequestId = id, organizationId = helper.dental }
local sha256 = "441be397b39ab54f05583a5f9a311f4f1d2e82873d5b301ce5b941f3874437f4"

describe("the table of endpoints", function()
  local endpoints = threatlocker.endpoints()

  it("has every call of the module", function()
    local writes = 0
    for _, endpoint in ipairs(endpoints) do
      assert.truthy(endpoint.path:match "^%u%a+/%u%a+$" and endpoint.path:sub(-#endpoint.name) == endpoint.name)
      assert.truthy(endpoint.method == "GET" or endpoint.method == "POST")
      assert.is_boolean(endpoint.organization)
      assert.is_table(endpoint.permissions)
      writes = writes + (endpoint.write and 1 or 0)
    end
    assert.equal(25, #endpoints)
    assert.equal(6, writes)
  end)

  it("tells what each asks for", function()
    local by_name = by("name", endpoints)
    local listing, permit = by_name.ApprovalRequestGetByParameters, by_name.ApprovalRequestPermitApplication
    assert.equal("POST", listing.method)
    assert.is_false(listing.write)
    assert.is_true(listing.organization)
    assert.is_true(permit.write)
    assert.equal("an escalated request", permit.permissions[1].condition)
    assert.equal("Approve Escalation", permit.permissions[1].any_of[1])
    assert.is_false(by_name.ApplicationGetResearchDetailsById.organization)
  end)
end)

describe("looking up", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  --- The only call received since forget().
  local function only_call()
    local calls = sandbox:calls ""
    assert.equal(1, #calls)
    return calls[1]
  end

  describe("the number of pending requests", function()
    it("counts children unless told not to", function()
      local _, all = helper.collect(client:requests { children = true })
      assert.equal(all, assert(client:count()))
      assert.equal(all, assert(client:count { children = true }))
      assert.equal(1, assert(client:count { children = false }))
      assert.equal("integer", math.type(assert(client:count {})))
    end)

    it("takes an organization", function()
      local _, dental = helper.collect(client:requests { organization_id = helper.dental })
      assert.equal(dental, assert(client:count { children = false, organization_id = helper.dental }))
    end)

    it("fails as a whole", function()
      sandbox:switch { token = "revoked" }
      local value, message, code, failure = client:count()
      assert.is_nil(value)
      assert.is_string(message)
      assert.equal("token", code)
      assert.equal("token", failure.code)
    end)

    it("raises misuse", function()
      raises("option 'children' must be true or false", client.count, client, { children = "yes" })
      raises("unknown option 'childs'", client.count, client, { childs = true })
      raises("table expected", client.count, client, helper.dental)
    end)
  end)

  describe("what a storage request needs", function()
    local storage = { approvalRequestId = helper.request_id(1006), organizationId = helper.dental }

    it("gives its details", function()
      local details = assert(client:storage_details(storage))
      assert.equal(storage.approvalRequestId, details.approvalRequest.approvalRequestId)
      assert.equal(helper.storage_policy, details.existingStoragePolicy.storagePolicyId)
      assert.same(details, assert(client:storage_details(storage.approvalRequestId,
                                                         { organization_id = helper.dental })))
    end)

    it("is refused for other kinds", function()
      assert.equal("invalid", select(3, client:storage_details(row)))
    end)

    it("raises for what is neither id nor row", function()
      raises("request id or row expected, got number", client.storage_details, client, 5)
      raises("the row has no approvalRequestId", client.storage_details, client, {})
    end)
  end)

  describe("matching applications by criteria", function()
    it("asks once, in the organization given", function()
      local options = { organization_id = helper.dental }
      local found = by("applicationId", assert(client:matching_applications({ sha256 = sha256 }, options)))
      assert.is_table(found[helper.application_id(202)])
      assert.truthy(only_call().path:find("ApplicationGetMatchingList", 1, true))
    end)

    it("takes certificates", function()
      local certs = { { subject = "Developer ID Application: Example Notes (EX00000001)", validCert = true } }
      local found = assert(client:matching_applications { certs = certs, osType = 2 })
      assert.is_table(by("applicationId", found)[helper.application_id(121)])
    end)

    it("refuses those that any file may meet, and unknown ones", function()
      local wrong = { {}, { path = "C:\\x.exe" }, { hash = "x", sha265 = "y" }, { hash = 5 }, { "hash" } }
      for _, criteria in ipairs(wrong) do
        local value, message, code = client:matching_applications(criteria)
        assert.is_nil(value)
        assert.is_string(message)
        assert.equal("invalid", code)
      end
      assert.equal(0, #sandbox:calls "")
    end)

    it("raises, naming the place, for what is no JSON", function()
      raises("criteria.hash: a function", client.matching_applications, client, { hash = print })
    end)
  end)

  describe("suggested conditions", function()
    it("come from an id, a row or details", function()
      local from_row = assert(client:suggest_conditions(row))
      assert.is_table(from_row.manualOptions)
      assert.same(from_row, assert(client:suggest_conditions(id, { organization_id = helper.dental })))
      local details = assert(client:permit_details(row))
      sandbox:forget()
      assert.same(from_row, assert(client:suggest_conditions(details)))
      assert.equal(helper.dental, only_call().headers.ManagedOrganizationId)
    end)

    it("fail where the details fail", function()
      assert.equal("not_found", select(3, client:suggest_conditions(helper.request_id(7777))))
    end)

    it("raise for anything else", function()
      raises("request id, row or permit details expected", client.suggest_conditions, client, { hash = "x" })
      raises("request id or row expected, got boolean", client.suggest_conditions, client, true)
      raises("unknown option", client.suggest_conditions, client, row, { os = 1 })
    end)
  end)

  describe("applications", function()
    it("are Windows's where no system is named", function()
      local found = by("applicationId", assert(client:applications { organization_id = helper.dental }))
      assert.is_table(found[helper.application_id(203)])
      assert.is_table(found[helper.application_id(201)])
      assert.is_nil(found[helper.application_id(204)])
    end)

    it("are of the system named by word or number", function()
      for _, os in ipairs { "mac", 2 } do
        local found = assert(client:applications { os = os, organization_id = helper.dental })
        assert.equal(1, #found)
        assert.equal(helper.application_id(204), found[1].applicationId)
      end
    end)

    it("can be searched", function()
      assert.equal(helper.application_id(201), assert(client:applications { search = "toolbox" })[1].applicationId)
      assert.equal("[]", threatlocker.json_encode(assert(client:applications { search = "no such thing" })))
    end)

    it("come from elsewhere where the server has them no more", function()
      sandbox:switch { add_list = "404" }
      assert.is_table(by("applicationId", assert(client:applications()))[helper.application_id(201)])
    end)

    it("for maintenance modes are options", function()
      local found = assert(client:maintenance_applications { organization_id = helper.dental })
      assert.equal("Dental Imaging", by("value", found)[helper.application_id(203)].label)
      found = assert(client:maintenance_applications { organization_id = helper.dental, os = "mac" })
      assert.equal(1, #found)
    end)

    it("fail without the permission, which the message names", function()
      sandbox:switch { permissions = { "View Approvals" } }
      local _, message, code = client:applications {}
      assert.equal("permission", code)
      assert.truthy(message:find("View Application Control Applications", 1, true), message)
      assert.equal("permission", select(3, client:maintenance_applications()))
    end)

    it("raise misuse", function()
      raises("option 'os' must be one of: windows, mac, linux", client.applications, client, { os = "all" })
      raises("option 'os' must be from 1 to", client.applications, client, { os = 0 })
      raises("option 'os' must be an integer or a word", client.applications, client, { os = 1.5 })
      raises("option 'os' must be an integer or a word", client.applications, client, { os = "mac\0" })
      raises("option 'os' must be an integer or a word", client.maintenance_applications, client, { os = true })
      raises("unknown option 'search'", client.maintenance_applications, client, { search = "x" })
      raises("option 'search' must be a string", client.applications, client, { search = 5 })
    end)
  end)

  describe("one application", function()
    it("comes by its id, from its organization", function()
      assert.equal("MSP Toolbox", assert(client:application(helper.application_id(201))).name)
      local own = assert(client:application(helper.application_id(203), { organization_id = helper.dental }))
      assert.equal("Dental Imaging", own.name)
    end)

    it("that may not be seen is not found", function()
      assert.equal("not_found", select(3, client:application(helper.application_id(901))))
      assert.equal("invalid", select(3, client:application "no-guid"))
    end)

    it("may have been looked into", function()
      assert.is_number(assert(client:research(helper.application_id(101))).concernRating)
      assert.is_nil(sandbox:calls("Research")[1].headers.ManagedOrganizationId)
      assert.equal("not_found", select(3, client:research(helper.application_id(201))))
    end)

    it("raises misuse", function()
      for _, method in ipairs { client.application, client.research } do
        raises("string expected", method, client, 5)
        raises("string expected", method, client, { applicationId = helper.application_id(101) })
        raises("holds a NUL byte", method, client, "a\0b")
      end
      raises("unknown option", client.research, client, helper.application_id(101), { organization_id = helper.msp })
    end)
  end)

  describe("organizations", function()
    it("are those that the token reaches", function()
      local found = by("organizationId", assert(client:organizations()))
      assert.equal("Example Dental Group", found[helper.dental].name)
      assert.is_nil(found[helper.unrelated])
      assert.truthy(only_call().path:find("OrganizationGetForMoveComputers", 1, true))
    end)

    it("come through the endpoint named", function()
      for via, part in pairs { move = "ForMoveComputers", parameters = "ByParameters", children = "ChildrenIds" } do
        for _, value in ipairs { via, { via } } do
          sandbox:forget()
          local found = assert(client:organizations { via = value, search = "bakery g" })
          assert.same({ { organizationId = helper.bakery, name = "Example Bakery Group" } },
                      { table.unpack(found) })
          assert.truthy(only_call().path:find(part, 1, true))
        end
      end
    end)

    it("come through the next endpoint where one is not there", function()
      sandbox:switch { children_list = "404", organizations_move = "404" }
      assert.is_true(#assert(client:organizations { via = { "children", "parameters" } }) >= 2)
      assert.equal(2, #sandbox:calls "Organization")
      local value, _, code = client:organizations { via = { "children", "move" } }
      assert.is_nil(value)
      assert.equal("not_found", code)
    end)

    it("are refused for an unknown way, and for one twice", function()
      for _, via in ipairs { "fax", { "move", "fax" }, { "move", "move" } } do
        assert.equal("invalid", select(3, client:organizations { via = via }))
      end
      assert.equal(0, #sandbox:calls "")
    end)

    it("raise misuse", function()
      raises("option 'via' must be a list of words", client.organizations, client, { via = 5 })
      raises("option 'via' must be a list of words", client.organizations, client, { via = { "move", 5 } })
      raises("option 'via' must be a list of words", client.organizations, client, { via = { "mo\0ve" } })
      raises("option 'via' must be a list of at least one", client.organizations, client, { via = {} })
      raises("option 'via' must be a list of at least one", client.organizations, client, { via = { move = true } })
    end)
  end)

  describe("computer groups", function()
    local function count(os)
      return #assert(client:computer_groups { organization_id = helper.dental, os = os })
    end

    it("are those of one system, or all", function()
      assert.equal(3, count "windows")
      assert.equal(3, count(nil))
      assert.equal(1, count "mac")
      assert.equal(0, count "linux")
      assert.equal(4, count "all")
      assert.equal(4, count(0))
    end)

    it("have the same names from the other endpoint", function()
      sandbox:switch { groups_for_permit = "404" }
      local found = by("computerGroupId", assert(client:computer_groups { organization_id = helper.dental }))
      assert.equal("Servers", found["0d000000-0000-4000-8000-000000000008"].name)
    end)

    it("fail where the organization is another's", function()
      assert.equal("forbidden", select(3, client:computer_groups { organization_id = helper.unrelated }))
    end)

    it("raise misuse", function()
      raises("option 'os' must be one of: all, windows", client.computer_groups, client, { os = "beos" })
      raises("option 'os' must be from 0 to", client.computer_groups, client, { os = -1 })
    end)
  end)

  describe("the audit trail", function()
    it("shows what was done, page by page", function()
      assert(client:permit_details(row))
      assert(client:permit_details { approvalRequestId = helper.request_id(1003), organizationId = helper.bakery })
      local rows, page = assert(client:audit { children = true, page_size = 1 })
      assert.equal(1, #rows)
      assert.equal(helper.request_id(1003), rows[1].details.objectId)
      assert.same({ current_page = 1, items_per_page = 1, total_items = 2, total_pages = 2 }, page)
      rows, page = assert(client:audit { children = true, page_size = 1, page = 2 })
      assert.equal(id, rows[1].details.objectId)
      assert.equal(2, page.current_page)
    end)

    it("can be narrowed", function()
      assert(client:reject(row, { reason = "Not a business tool." }))
      local rows = assert(client:audit { organization_id = helper.dental, action = "Modify", object_id = id,
                                         user = "api.approver", since = "2020-01-01T00:00:00Z" })
      assert.equal(1, #rows)
      assert.truthy(rows[1].notes:find("Not a business tool.", 1, true))
      local call = sandbox:calls("SystemAudit")[1]
      assert.equal(helper.dental, call.headers.ManagedOrganizationId)
      assert.equal("[]", threatlocker.json_encode(assert(client:audit { search = "no such thing" })))
    end)

    it("without options is its first page", function()
      local rows, page = assert(client:audit())
      assert.is_table(rows)
      assert.equal(25, page.items_per_page)
    end)

    it("is refused for what is no time or GUID", function()
      assert.equal("invalid", select(3, client:audit { since = "yesterday" }))
      assert.equal("invalid", select(3, client:audit { object_id = "no-guid" }))
      local value, _, code, failure = client:audit { since = "2026-02-01T00:00:00Z",
                                                     ["until"] = "2026-01-01T00:00:00Z" }
      assert.is_nil(value)
      assert.equal("invalid", code)
      assert.equal("invalid", failure.code)
      assert.equal(0, #sandbox:calls "")
    end)

    it("raises misuse", function()
      raises("unknown option 'userr' (did you mean 'user'?)", client.audit, client, { userr = "x" })
      raises("option 'page' must be from 1", client.audit, client, { page = 0 })
      raises("option 'page_size' must be from 1 to 1000", client.audit, client, { page_size = 1001 })
      raises("option 'page' must be an integer", client.audit, client, { page = "1" })
      raises("option 'children' must be true or false", client.audit, client, { children = 1 })
    end)
  end)
end)
