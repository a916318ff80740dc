local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

local id = helper.request_id(1001)

describe("one request", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  describe("that is read", function()
    it("takes an id and its organization", function()
      local row = assert(client:request(id, { organization_id = helper.dental }))
      assert.equal(id, row.approvalRequestId)
      assert.equal(helper.dental, row.organizationId)
    end)

    it("takes a row, which brings its own organization", function()
      local rows = helper.collect(client:requests { children = true })
      for row_id, row in pairs(rows) do
        assert.equal(row_id, assert(client:request(row)).approvalRequestId)
      end
    end)

    it("uses the client's organization where none is named", function()
      local dental = sandbox:client { organization_id = helper.dental }
      assert.equal(id, assert(dental:request(id)).approvalRequestId)
    end)

    it("raises for what is neither id nor row", function()
      for _, bad in ipairs { 5, true, {}, { approvalRequestId = 5 } } do
        assert.has_error(function() client:request(bad) end)
      end
      assert.has_error(function() client:request(id, helper.dental) end)
      helper.raises("unknown option 'organisation_id' (did you mean 'organization_id'?); known: organization_id",
                    client.request, client, id, { organisation_id = helper.dental })
    end)

    it("gives everything that a permit needs", function()
      local details = assert(client:permit_details(id, { organization_id = helper.dental }))
      assert.equal(id, details.approvalRequest.approvalRequestId)
      assert.is_string(details.approvalRequest.json)
      assert.equal(helper.dental, details.organizationId)
    end)
  end)

  describe("that is matched", function()
    local function names(applications)
      return helper.by("applicationId", applications)
    end

    it("from an id fetches the details first", function()
      local found = names(assert(client:matching_applications(id, { organization_id = helper.dental })))
      assert.is_table(found[helper.application_id(101)])
      assert.equal("master", found[helper.application_id(101)].organizationName)
      assert.equal(1, #sandbox:calls "ApprovalRequestGetPermitApplicationById")
    end)

    it("from a row does so in the row's organization", function()
      local row = assert(client:request(id, { organization_id = helper.dental }))
      assert.is_table(names(assert(client:matching_applications(row)))[helper.application_id(101)])
    end)

    it("from details asks once, in their organization", function()
      local details = assert(client:permit_details(id, { organization_id = helper.dental }))
      sandbox:forget()
      assert.is_table(names(assert(client:matching_applications(details)))[helper.application_id(101)])
      assert.equal(1, #sandbox:calls "")
    end)

    it("of nothing is an empty list", function()
      for _, word in ipairs { "[]", "null" } do
        sandbox:switch { no_match = word }
        local row = { approvalRequestId = helper.request_id(1003), organizationId = helper.bakery }
        assert.equal("[]", threatlocker.json_encode(assert(client:matching_applications(row))))
      end
    end)

    it("without anything to match by is 'invalid'", function()
      local _, _, code = client:matching_applications { organizationId = helper.dental, fileDetails = {} }
      assert.equal("invalid", code)
    end)
  end)
end)
