local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

describe("a listing", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  it("walks the pages of parent and children and gives each row once", function()
    local rows, count = helper.collect(client:requests { status = "pending", children = true, page_size = 3 })
    local all = 0
    for _, request in ipairs(sandbox:call("GET", "state").requests) do
      if request.statusId == 1 and request.organizationId ~= helper.unrelated then
        all = all + 1
        assert.is_table(rows[request.approvalRequestId])
      end
    end
    assert.equal(all, count)
    assert.is_true(#sandbox:calls "ApprovalRequestGetByParameters" >= all // 3)
    assert.equal(helper.dental, rows[helper.request_id(1001)].organizationId)
  end)

  it("walks a long list", function()
    sandbox:call("POST", "seed", { default = true, generate = 230 })
    local _, count = helper.collect(client:requests { children = true, page_size = 50 })
    assert.is_true(count > 200)
  end)

  it("keeps to one organization without children", function()
    for row in client:requests { organization_id = helper.dental } do
      assert.equal(helper.dental, row.organizationId)
    end
  end)

  it("takes a status by name or number", function()
    local by_name = helper.collect(client:requests { status = "approved", children = true })
    local by_number = helper.collect(client:requests { status = 4, children = true })
    assert.same(by_name, by_number)
    assert.is_table(by_name[helper.request_id(1009)])
  end)

  it("of nothing is empty, for each of the server's ways to say so", function()
    for _, word in ipairs { "null", "empty", "[]" } do
      sandbox:switch { empty_list = word }
      local _, count = helper.collect(client:requests { status = "not_learned" })
      assert.equal(0, count)
      local rows = assert(client:request_page { status = "not_learned" })
      assert.equal("[]", threatlocker.json_encode(rows))
    end
  end)

  it("gives rows as plain tables with null members left out", function()
    local rows = helper.collect(client:requests { children = true })
    local row = rows[helper.request_id(1001)]
    assert.is_nil(getmetatable(row))
    assert.is_nil(row.json)
    assert.equal("WS-0042", row.hostname)
  end)

  it("keeps nulls where asked to", function()
    local keeper = sandbox:client { null = threatlocker.null }
    local rows = helper.collect(keeper:requests { children = true })
    assert.equal(threatlocker.null, rows[helper.request_id(1001)].json)
  end)

  it("gives integers exactly", function()
    local rows = helper.collect(client:requests { children = true })
    assert.equal(9007199254740993, rows[helper.request_id(1016)].threatLockerActionDto.size)
  end)

  it("gives the same rows, page by page and one by one", function()
    local rows = helper.collect(client:requests { children = true, page_size = 3 })
    for _, row in ipairs(assert(client:request_page { children = true })) do
      assert.is_string(row.requestKind)
      assert.same(row, rows[row.approvalRequestId])
    end
  end)

  it("converts only the members asked for, and what calls need", function()
    local brief = sandbox:client { fields = { "path", "nosuch", "path", "multiLevelApprovalRequestId" } }
    local function check(row)
      local names = {}
      for name in pairs(row) do
        names[#names + 1] = name
      end
      table.sort(names)
      assert.same({ "approvalRequestId", "organizationId", "path" }, names)
    end
    for row in brief:requests { children = true } do
      check(row)
      check(assert(brief:request(row)))
    end
    for _, row in ipairs(assert(brief:request_page { children = true })) do
      check(row)
    end
    assert.is_table(assert(brief:permit_details(helper.request_id(1011))).fileDetails)
  end)

  it("raises an error object when it cannot go on, so that it never looks complete", function()
    sandbox:fault { match = "ApprovalRequestGetByParameters", kind = "status", status = 500, after = 1, times = -1 }
    local count = 0
    local good, failure = pcall(function()
      for _ in client:requests { children = true, page_size = 2 } do
        count = count + 1
      end
    end)
    assert.is_false(good)
    assert.equal("server", failure.code)
    assert.equal(500, failure.http_status)
    assert.is_string(failure.message)
    assert.equal(failure.message .. " (server)", tostring(failure))
    assert.is_true(count <= 2)
  end)

  it("gives its error again when asked again", function()
    sandbox:switch { token = "revoked" }
    local requests <close> = client:requests {}
    for _ = 1, 2 do
      local good, failure = pcall(requests)
      assert.is_false(good)
      assert.equal("token", failure.code)
    end
  end)

  it("refuses words that the server does not know: an empty list would look like an empty queue", function()
    assert.equal("invalid", select(3, client:request_page { action_types = { "execute", "elevated" } }))
    assert.equal("invalid", select(3, client:request_page { order_by = "size" }))
    helper.raises("action_types must be one of", client.requests, client, { action_types = { "elevated" } })
    assert.equal(0, #sandbox:calls "")
  end)

  it("raises misuse where it stands", function()
    helper.raises("unknown option 'stats' (did you mean 'status'?)", client.requests, client, { stats = 1 })
    assert.has_error(function() client:requests { page_number = 2 } end)
    for _, method in ipairs { client.requests, client.request_page } do
      for _, case in ipairs {
        { { action_types = "execute" }, "option 'action_types' must be a table, not a string" },
        { { action_types = {} }, "option 'action_types' must be a list of at least one word" },
        { { action_types = { "execute", 5 } }, "option 'action_types' must be a list of words" },
        { { action_types = { [1] = "execute", [3] = "elevate" } }, "option 'action_types'" },
        { { concurrency = 0 }, "option 'concurrency' must be from 1 to 16" },
        { { concurrency = 17 }, "option 'concurrency' must be from 1 to 16" },
        { { request_type = "x" }, "option 'request_type' must be an integer" },
        { { tier_level = 0 }, "option 'tier_level' must be from 1 to" },
        { { current_tier_only = 1 }, "option 'current_tier_only' must be true or false" },
        { { ascending = "yes" }, "option 'ascending' must be true or false" },
      } do
        helper.raises(case[2], method, client, case[1])
      end
    end
    assert.has_error(function() client:requests { status = 1.5 } end)
    local good, message = pcall(client.requests, client, { status = "open" })
    assert.is_false(good)
    assert.truthy(message:find("must be one of: pending, approved", 1, true))
  end)

  it("takes kinds of action, which the script's list need not outlive", function()
    local types = { "elevate", "read" }
    local requests <close> = client:requests { children = true, action_types = types, page_size = 1 }
    types[1], types[2] = nil, nil
    types = nil -- luacheck: ignore
    collectgarbage()
    local rows, count = helper.collect(requests)
    assert.equal(3, count)
    for _, row in pairs(rows) do
      assert.truthy(row.requestKind == "elevation" or row.requestKind == "storage")
    end
    assert.equal(2, #assert(client:request_page { children = true, action_types = { "elevate" } }))
  end)

  it("sends its options as the server names them", function()
    assert(client:request_page { request_type = 3, current_tier_only = true, tier_level = 2, ascending = false,
                                 action_types = { "execute" } })
    local body = sandbox:calls("GetByParameters")[1].body
    body = type(body) == "table" and body or threatlocker.json_decode(body)
    assert.equal(3, body.requestTypeId)
    assert.is_true(body.showCurrentTierOnly)
    assert.equal(2, body.userApprovalTierLevel)
    assert.is_false(body.isAscending)
    assert.equal("execute", body.actionType[1])
  end)

  it("is sorted upwards unless told not to", function()
    local function times(ascending)
      local found = {}
      for _, row in ipairs(assert(client:request_page { children = true, ascending = ascending })) do
        found[#found + 1] = row.dateTime
      end
      return found
    end
    local up, down = times(nil), times(false)
    assert.same(up, times(true))
    assert.is_true(up[1] < up[#up])
    assert.is_true(down[1] > down[#down])
  end)

  it("knows of each row its kind, and the reason as the person wrote it", function()
    local rows = helper.collect(client:requests { children = true })
    assert.equal("application", rows[helper.request_id(1001)].requestKind)
    assert.equal("elevation", rows[helper.request_id(1004)].requestKind)
    assert.equal("storage", rows[helper.request_id(1006)].requestKind)
    assert.equal("Calibration wants administrator rights.", rows[helper.request_id(1004)].requestorReasonText)
    assert.is_nil(rows[helper.request_id(1017)].requestorReasonText)
  end)

  it("keeps as many pages in flight as it, or its client, was told to", function()
    sandbox:call("POST", "seed", { default = true, generate = 100 })
    local function connections(using, concurrency)
      sandbox:forget()
      helper.collect(using:requests { children = true, page_size = 10, concurrency = concurrency })
      local seen, count = {}, 0
      for _, call in ipairs(sandbox:calls "GetByParameters") do
        count = count + (seen[call.connection] and 0 or 1)
        seen[call.connection] = true
      end
      return count
    end
    assert.equal(1, connections(client, 1))
    assert.equal(1, connections(sandbox:client { concurrency = 1 }))
    local wide = sandbox:client { concurrency = 6 }
    sandbox:fault { match = "GetByParameters", kind = "delay", ms = 50, times = 3, after = 1 }
    assert.is_true(connections(wide) > 1)
  end)

  it("is complete only when its end was reached", function()
    local requests <close> = client:requests { children = true, page_size = 3 }
    assert.is_false(requests:complete())
    assert.is_table(requests())
    assert.is_false(requests:complete())
    helper.collect(requests)
    assert.is_true(requests:complete())
    assert.is_nil(requests())
    assert.is_true(requests:complete())
  end)

  it("is not complete after an error", function()
    sandbox:fault { match = "GetByParameters", kind = "status", status = 500, after = 1, times = -1 }
    local requests <close> = client:requests { children = true, page_size = 2 }
    assert.is_false((pcall(helper.collect, requests)))
    assert.is_false(requests:complete())
  end)

  it("tells its totals", function()
    local requests <close> = client:requests { children = true }
    requests()
    assert.equal(select(2, helper.collect(client:requests { children = true })), requests:totals().total_items)
  end)

  it("by single pages tells where it stands", function()
    local rows, page = assert(client:request_page { children = true, page_size = 3, page_number = 2 })
    assert.equal(3, #rows)
    assert.equal(2, page.current_page)
    assert.equal(3, page.items_per_page)
    assert.is_true(page.total_items > 6)
    assert.equal((page.total_items + 2) // 3, page.total_pages)
  end)

  it("by single pages leaves out totals that the server did not tell", function()
    sandbox:switch { pagination = "absent" }
    local _, page = assert(client:request_page {})
    assert.same({}, page)
  end)

  it("uses the client's page size", function()
    local small = sandbox:client { page_size = 2 }
    assert.equal(2, #assert(small:request_page { children = true }))
  end)

  it("is logged line by line after the call, without the token", function()
    local lines = {}
    local talker = sandbox:client { log = function(line) lines[#lines + 1] = line end }
    assert(talker:request_page {})
    assert.is_true(#lines > 0)
    assert.truthy(lines[1]:find("ApprovalRequestGetByParameters", 1, true))
    assert.falsy(table.concat(lines):find(sandbox.token, 1, true))
  end)

  it("survives a log function that fails, or that calls the client again", function()
    local talker
    local calls = 0
    talker = sandbox:client { log = function()
      calls = calls + 1
      assert(talker:request_page {})
      if calls == 2 then
        error "no more room"
      end
    end }
    warn "@off"
    local _, count = helper.collect(talker:requests { children = true, page_size = 3 })
    assert.is_true(count > 6)
    assert.is_true(calls >= 2)
  end)
end)

describe("a listing with names", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start "--organizations 500"
    sandbox:call("POST", "seed", { default = true, organizations_generate = 500, generate = 1200 })
    client = sandbox:client()
  end)

  after_each(function()
    sandbox:stop()
  end)

  it("costs one extra call, not 500", function()
    local names = {}
    for _, organization in ipairs(assert(client:organizations())) do
      names[organization.organizationId] = organization.name
    end
    local page_size = 1000
    local requests <close> = client:requests { children = true, page_size = page_size }
    local rows, count = helper.collect(requests)
    local owners, owner_count = {}, 0
    for _, row in pairs(rows) do
      assert.is_string(names[row.organizationId])
      owner_count = owner_count + (owners[row.organizationId] and 0 or 1)
      owners[row.organizationId] = true
    end
    assert.is_true(requests:complete())
    assert.is_true(count > 1200 and owner_count > 500)
    local pages = #sandbox:calls "GetByParameters"
    assert.equal(2 * math.ceil(count / page_size), pages) -- two walks: the second one proves the first
    assert.equal(pages + 1, #sandbox:calls "")
  end)

  it("lets each row's later call carry the row's own organization", function()
    local picked = {}
    for row in client:requests { children = true, page_size = 1000 } do
      picked[row.organizationId] = picked[row.organizationId] or row
      if row.organizationName == "Example Client 0005" then
        break
      end
    end
    sandbox:forget()
    local asked = 0
    for organization, row in pairs(picked) do
      if asked < 20 then
        asked = asked + 1
        assert.equal(row.approvalRequestId, assert(client:request(row)).approvalRequestId)
        local calls = sandbox:calls "ApprovalRequestGetById"
        assert.equal(asked, #calls)
        assert.equal(organization, calls[asked].headers.ManagedOrganizationId)
      end
    end
    assert.is_true(asked > 4)
  end)
end)
