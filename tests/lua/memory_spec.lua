local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

-- Only the host of sanitizer builds can make Lua run out of memory, and only there would a leak be seen.
if not rawget(_G, "pcall_with_allocations") then
  return
end

local row = { approvalRequestId = helper.request_id(1003), organizationId = helper.bakery }
local own = helper.request_id(1011)
local storage = { approvalRequestId = helper.request_id(1006), organizationId = helper.dental }
local escalated = { approvalRequestId = helper.request_id(1012), organizationId = helper.bakery }
local hash = "24788d1b48b8519db032e6a484879c6eb13035270fc45764f1fd80ce9ac7fc00"
local choice = { application = "new", name = "Label printer", rules = { { hash = hash } } }

describe("running out of memory", function()
  local sandbox, client, soar, ledger, path

  before_each(function()
    sandbox = helper.start()
    client = sandbox:client { log = function() end, fields = { "path" } }
    soar = sandbox:soar_client()
    ledger = helper.ledger()
    path = os.tmpname()
  end)

  after_each(function()
    sandbox:stop()
    ledger:remove()
    os.remove(path)
  end)

  --- `before` runs with all the memory there is.
  local function fail_at_every_allocation(call, before)
    local count = 0
    repeat
      if before then before() end
      collectgarbage "stop" -- a collection in need would move the failure elsewhere
      local good, raised = pcall_with_allocations(count, call)
      collectgarbage "restart"
      assert.truthy(good or tostring(raised):find("not enough memory", 1, true), tostring(raised))
      count = count + 1
    until good
    assert.is_true(count > 3)
  end

  local function chain()
    return assert(threatlocker.chain { name = "test", client = client, soar = soar, ledger = ledger.path,
                                       since = "2020-01-01T00:00:00Z", event = function() end, events = path,
                                       words = { permit = { "Ja", "Permit" }, reject = { "Nein" } },
                                       limits = { allow_modes = { "learning" } },
                                       decide = function() return nil, "not now" end })
  end

  local function answered_prompt(executor)
    local prepared = assert(client:prepare_prompt(row, { executor = executor, choice = choice }))
    local approval = sandbox:call("POST", "prompt", { approvalRequestId = row.approvalRequestId,
                                                      message = prepared.message }).approval
    sandbox:call("POST", "answer", { approval = approval, status = "approved", responses = { "Permit", "x" },
                                     by = "analyst" })
    return approval
  end

  local calls = {
    json_decode = function()
      assert(threatlocker.json_decode '{"a":[],"b":{},"c":[1,2.5,"x",null,[{}]],"d":18446744073709551616}')
    end,
    json_encode = function()
      assert(threatlocker.json_encode { a = { 1, 2, {} }, b = "ä", c = 1.5, d = { x = 1, y = threatlocker.null } })
    end,
    clean_text = function() assert(threatlocker.clean_text("a\27[2J" .. ("ä"):rep(99)) ~= "") end,
    client = function()
      assert(threatlocker.client { instance = "g", token = "x", fields = { "path" }, log = print }):close()
    end,
    request = function() assert(client:request(row)) end,
    request_page = function() assert(client:request_page { children = true, page_size = 2 }) end,
    requests = function()
      local types = { "execute", "elevate" }
      local requests <close> = client:requests { children = true, page_size = 7, action_types = types }
      while requests() do end -- luacheck: ignore
      assert(requests:complete() and requests:totals())
    end,
    count = function() assert(client:count { organization_id = helper.bakery }) end,
    storage_details = function() assert(client:storage_details(storage)) end,
    permit_storage = function()
      assert(client:permit_storage(storage, { policy = "new", name = "x", dry_run = true }))
    end,
    reject = function() assert(client:reject(row, { reason = "x", dry_run = true })) end,
    ["reject of several"] = function()
      assert(client:reject({ row, own, storage }, { reason = "x", dry_run = true }))
    end,
    ["ignore of several"] = function() assert(client:ignore({ own }, { dry_run = true })) end,
    ["a failing list"] = function() assert(client:reject { row, row } == nil) end,
    take_ownership = function() assert(client:take_ownership(row, { dry_run = true })) end,
    authorize = function()
      assert(client:authorize(escalated, { message = "x", dry_run = true }))
    end,
    file_details = function() assert(client:file_details(own)) end,
    download_file = function()
      os.remove(path)
      assert(client:download_file(own, path))
    end,
    ["matching_applications by criteria"] = function()
      assert(client:matching_applications({ hash = hash, createdBys = { "x" } }, { organization_id = helper.bakery }))
    end,
    suggest_conditions = function() assert(client:suggest_conditions(row)) end,
    applications = function() assert(client:applications { os = "mac", search = "x" }) end,
    maintenance_applications = function() assert(client:maintenance_applications()) end,
    research = function() assert(client:research(helper.application_id(101))) end,
    application = function() assert(client:application(helper.application_id(201))) end,
    organizations = function() assert(client:organizations { via = { "parameters", "move" }, search = "b" }) end,
    computer_groups = function() assert(client:computer_groups { os = "all" }) end,
    audit = function() assert(client:audit { children = true, page_size = 2 }) end,
    matching_applications = function() assert(client:matching_applications(row)) end,
    permit = function()
      assert(client:permit(row, { application = "new", name = "x", rules = choice.rules, dry_run = true }))
    end,
    prepare_prompt = function() assert(client:prepare_prompt(row, { executor = "playbook", choice = choice })) end,
    ["a failing call"] = function() assert(client:request "no-guid" == nil) end,
    approvals = function() assert(soar:approvals()) end,
    ["probe of the portal"] = function() assert(client:probe().stage == "replied") end,
    ["probe of SOAR"] = function() assert(soar:probe().stage == "replied") end,
  }
  for name, call in pairs(calls) do
    it("in " .. name .. " raises and loses nothing", function()
      fail_at_every_allocation(call)
    end)
  end

  it("in a listing loses no row", function()
    local all, count = helper.collect(client:requests { children = true })
    local requests <close> = client:requests { children = true }
    for _ = 1, count do
      local row_now
      for allocations = 0, math.huge do
        if pcall_with_allocations(allocations, function() row_now = requests() end) then
          break
        end
      end
      assert.is_table(all[row_now.approvalRequestId])
      all[row_now.approvalRequestId] = nil
    end
    assert.is_nil(requests())
  end)

  it("in decide leaves the prompt to a person", function()
    answered_prompt "chain:test"
    local it <close> = chain()
    fail_at_every_allocation(function() assert(it:step()) end)
    fail_at_every_allocation(function() assert(it:history()) end)
    assert.equal(0, sandbox:request(row.approvalRequestId).writes.permit)
  end)

  it("in making a chain, running it and reading its history loses nothing", function()
    local function collect()
      collectgarbage() -- the ledger of one that was half made
      collectgarbage()
    end
    answered_prompt "chain:test"
    fail_at_every_allocation(function() chain():close() end, collect)
    collect()
    local it <close> = chain()
    fail_at_every_allocation(function()
      assert(it:run { signals = true, on_step = function() return true end })
    end, collect)
    it:close()
    fail_at_every_allocation(function() assert(#assert(threatlocker.history(ledger.path)) > 0) end)
    local _, lines = io.open(path):read("a"):gsub("\n", "")
    assert.is_true(lines >= 3)
  end)

  it("in resolving a prompt permits once", function()
    local approval, outcome = answered_prompt "playbook"
    fail_at_every_allocation(function()
      outcome = assert(client:resolve_prompt(soar, approval, {
        limits = { allow_modes = { "monitor" } }, words = { permit = { "Permit" }, ignore = { "Ignore" } },
      }))
    end)
    assert.equal("permitted", outcome.outcome, outcome.message)
    assert.equal(1, sandbox:request(row.approvalRequestId).writes.permit)
  end)
end)
