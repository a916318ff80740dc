local core = require "threatlocker.core"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local raises = helper.raises

local id = helper.request_id(1003)

describe("what was made", function()
  local sandbox

  before_each(function()
    sandbox = helper.start()
  end)

  after_each(function()
    sandbox:stop()
    collectgarbage()
    collectgarbage()
  end)

  local function open_chain(client, soar, ledger)
    return assert(threatlocker.chain { name = "test", client = client, soar = soar, ledger = ledger.path })
  end

  it("closes twice without harm", function()
    local ledger <close> = helper.ledger()
    local client, soar = sandbox:client(), sandbox:soar_client()
    local chain = open_chain(client, soar, ledger)
    local requests = client:requests {}
    for _, object in ipairs { requests, chain, soar, client } do
      object:close()
      object:close()
      assert.truthy(tostring(object):find("(closed)", 1, true))
    end
  end)

  it("raises when used after close", function()
    local ledger <close> = helper.ledger()
    local client, soar = sandbox:client(), sandbox:soar_client()
    local chain = open_chain(client, soar, ledger)
    local requests = client:requests {}
    requests:close()
    raises("closed request iterator", requests)
    raises("closed request iterator", requests.totals, requests)
    raises("closed request iterator", requests.complete, requests)
    chain:close()
    raises("closed chain", chain.step, chain)
    raises("closed chain", chain.history, chain)
    raises("closed chain", chain.run, chain)
    raises("closed chain", chain.run, chain, { signals = true })
    chain:stop()
    client:close()
    local methods = 0
    for name, method in pairs(core.methods.client) do
      if name ~= "close" and name ~= "cancel" then
        local first = name == "resolve_prompt" and soar or id
        raises("closed threatlocker.client", method, client, first, name == "resolve_prompt" and 11 or {})
        methods = methods + 1
      end
    end
    assert.equal(26, methods)
    client:cancel()
    soar:close()
    for _, method in ipairs { "approvals", "approval", "approval_summary", "prompt_answer", "probe" } do
      raises("closed threatlocker.soar", soar[method], soar, 1)
    end
  end)

  it("ends before what it uses is freed, whatever the order", function()
    local ledger <close> = helper.ledger()
    local client, soar = sandbox:client(), sandbox:soar_client()
    local chain = open_chain(client, soar, ledger)
    local first, second = client:requests { children = true }, client:requests {}
    assert.is_table(first())
    client:close()
    raises("whose client was closed", first)
    raises("whose client was closed", second)
    raises("whose client was closed", chain.step, chain)
    soar:close()
    chain:close()
    first:close()
  end)

  it("refuses to work after its soar was closed", function()
    local ledger <close> = helper.ledger()
    local soar = sandbox:soar_client()
    local chain <close> = open_chain(sandbox:client(), soar, ledger)
    soar:close()
    raises("whose soar was closed", chain.step, chain)
  end)

  it("keeps alive what it uses", function()
    local ledger <close> = helper.ledger()
    local function temporary()
      return assert(threatlocker.client { base_url = sandbox.portal, token = sandbox.token, proxy = "" })
    end
    local requests <close> = temporary():requests { children = true }
    local soar = assert(threatlocker.soar { url = sandbox.soar, token = sandbox.soar_token, proxy = "" })
    local chain <close> = open_chain(temporary(), soar, ledger)
    soar = nil -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    assert.is_table(requests())
    assert(chain:step())
  end)

  it("is closed at the end of a <close> variable, after an error too", function()
    local kept = {}
    pcall(function()
      local client <close> = sandbox:client()
      local soar <close> = sandbox:soar_client()
      kept.client, kept.soar = client, soar
      error "out"
    end)
    raises("closed", kept.client.request, kept.client, id)
    raises("closed", kept.soar.approvals, kept.soar)
  end)

  it("is closed when a loop over requests is left", function()
    local client = sandbox:client()
    local kept
    pcall(function()
      local call, state, control, closing = client:requests { children = true }
      kept = closing
      for _ in call, state, control, closing do
        error "out"
      end
    end)
    raises("closed request iterator", kept)
  end)

  it("is freed when nobody holds it", function()
    for _ = 1, 20 do
      local client = assert(threatlocker.client { base_url = sandbox.portal, token = sandbox.token, proxy = "" })
      client:requests {}()
    end
    collectgarbage()
    assert.has_no_error(function() collectgarbage() end)
  end)

  it("works inside coroutines", function()
    local client = sandbox:client()
    local next_row = coroutine.wrap(function()
      for row in client:requests { children = true, page_size = 2 } do
        coroutine.yield(row)
      end
    end)
    local count = 0
    for row in next_row do
      assert.is_string(row.approvalRequestId)
      count = count + 1
    end
    assert.is_true(count > 6)
  end)

  it("is closed with a coroutine that is given up", function()
    local kept
    local thread = coroutine.create(function()
      local client <close> = sandbox:client()
      kept = client
      for row in client:requests { children = true } do
        coroutine.yield(row)
      end
    end)
    assert(coroutine.resume(thread))
    assert(coroutine.close(thread))
    raises("closed", kept.request, kept, id)
  end)

  it("keeps the token to itself", function()
    local client, soar = sandbox:client(), sandbox:soar_client()
    for _, object in ipairs { client, soar } do
      assert.truthy(tostring(object):find "^threatlocker%.%a+ %(0x%x+%)$")
      assert.is_string(getmetatable(object))
      assert.has_error(function() setmetatable(object, {}) end)
      assert.is_nil(object.token)
      assert.has_error(function() object.token = "x" end)
    end
  end)

  it("is not to be confused", function()
    local client, soar = sandbox:client(), sandbox:soar_client()
    for _, method in pairs(core.methods.client) do
      if method ~= client.close and method ~= client.cancel then
        raises("threatlocker.client expected", method, soar, id, {})
      end
    end
    assert.has_error(function() soar.approvals(client) end)
    assert.has_error(function() client.request(io.stdout, id) end)
    assert.has_error(function() client.count() end)
    assert.has_error(function() client.reject({}, id) end)
    assert.has_error(function() client.close {} end)
  end)

  it("works while the collector does nothing else", function()
    collectgarbage("incremental", 1, 1000, 1)
    finally(function() collectgarbage("incremental", 200, 100, 13) end)
    local client = sandbox:client { log = function() end, fields = { "path", "json" }, null = threatlocker.null }
    local _, count = helper.collect(client:requests { children = true, page_size = 3 })
    assert.is_true(count > 6)
    local details = assert(client:permit_details { approvalRequestId = id, organizationId = helper.bakery })
    assert.is_string(threatlocker.json_encode(details))
    assert(client:matching_applications(details))
    assert.is_nil((client:request "no-guid"))
    local listed <close> = client:requests { children = true, action_types = { "execute", "elevate" } }
    helper.collect(listed)
    assert.is_true(listed:complete())
    assert(client:organizations { via = { "children", "move" } })
    assert(client:audit { children = true })
    assert(client:reject({ id, helper.request_id(1005) }, { dry_run = true }, { organization_id = helper.bakery }))
    assert(sandbox:soar_client():approvals())
  end)

  it("ends well with the state, in any order and without close", function()
    local printed = helper.run_with({
      THREATLOCKER_API_KEY = sandbox.token, THREATLOCKER_BASE_URL = sandbox.portal,
      SOAR_TOKEN = sandbox.soar_token, SOAR_URL = sandbox.soar, no_proxy = "*",
    }, [[
      local ledger = os.tmpname()
      os.remove(ledger)
      soar = assert(threatlocker.soar())
      client = assert(threatlocker.client())
      chain = assert(threatlocker.chain { name = "t", client = client, soar = soar, ledger = ledger })
      requests = client:requests { children = true }
      requests()
      for _, suffix in ipairs { "", "-wal", "-shm" } do os.remove(ledger .. suffix) end
      print "done"
    ]])
    assert.equal("done", printed)
  end)
end)
