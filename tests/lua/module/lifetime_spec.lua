local calls = require "calls"
local chains = require "tests.lua.chains"
local core = require "threatlocker.core"
local faces = require "faces"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local types = require "types"
local raises = helper.raises

local doc <const> = types.parse(types.text())

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

  --- Every method of the object but those named, with arguments of the right types.
  local function raises_everywhere(message, object, value, harmless, soar)
    local count = 0
    for name, about in pairs(doc.functions) do
      local method = name:match("^" .. object .. ":(.+)")
      if method and not harmless[method] then
        raises(message, value[method], value, faces.arguments(about.params, #about.params + 1, nil, { soar = soar }))
        count = count + 1
      end
    end
    return count
  end

  it("raises when used after close", function()
    local ledger <close> = helper.ledger()
    local client, soar = sandbox:client(), sandbox:soar_client()
    local chain = open_chain(client, soar, ledger)
    local requests = client:requests {}
    requests:close()
    raises("closed request iterator", requests)
    assert.equal(2, raises_everywhere("closed request iterator", "requests", requests, { close = true }))
    chain:close()
    raises("closed chain", chain.run, chain, { signals = true })
    assert.equal(3, raises_everywhere("closed chain", "chain", chain, { close = true, stop = true }))
    chain:stop()
    client:close()
    local harmless = { close = true, cancel = true }
    assert.is_true(raises_everywhere("closed threatlocker.client", "client", client, harmless, soar) > 20)
    client:cancel()
    soar:close()
    assert.is_true(raises_everywhere("closed threatlocker.soar", "soar", soar, harmless) > 15)
    soar:cancel()
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
    local ledger <close> = helper.ledger()
    for _, fails in ipairs { false, true } do
      local kept
      pcall(function()
        local client <close> = sandbox:client()
        local soar <close> = sandbox:soar_client()
        local chain <close> = open_chain(client, soar, ledger)
        local requests <close> = client:requests {}
        kept = { client, soar, chain, requests }
        assert(not fails, "out")
      end)
      for _, object in ipairs(kept) do
        assert.truthy(tostring(object):find("(closed)", 1, true))
      end
    end
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

  it("survives functions that yield where they cannot", function()
    local all = chains.start()
    finally(function() all:stop() end)
    local lines, asked = 0, 0
    all.client = all.sandbox:client { log = function()
      lines = lines + 1
      coroutine.yield()
    end }
    all:answer(all:ask(), "Permit")
    local chain = all:open { event = coroutine.yield, decide = function()
      asked = asked + 1
      coroutine.yield()
    end }
    local thread = coroutine.create(function()
      for _ = 1, 3 do
        assert(chain:step())
      end
    end)
    assert.same({ true }, { coroutine.resume(thread) })
    assert.equal("dead", coroutine.status(thread))
    assert.is_true(lines > 0 and asked == 1)
    local message = chains.last_message(chain)
    assert.truthy(message:find("error in the decide function: attempt to yield", 1, true), message)
    assert.equal(0, all:writes().permit)
  end)

  it("lets a chain's on_step yield", function()
    local ledger <close> = helper.ledger()
    local chain <close> = open_chain(sandbox:client(), sandbox:soar_client(), ledger)
    local thread = coroutine.create(function() return chain:run(coroutine.yield) end)
    local _, counts = coroutine.resume(thread)
    assert.equal(0, counts.permitted)
    assert.same({ true, true }, { coroutine.resume(thread, true) })
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

  it("ends well with the state, in any order and without close", function()
    local printed = helper.run_with(sandbox:environment(), [[
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

describe("every call", function()
  local world

  setup(function() world = calls.start() end)
  teardown(function() world:stop() end)

  it("has a case", function()
    local cases = {}
    for _, case in ipairs(calls.cases) do
      cases[case.name] = true
    end
    for name in pairs(faces.functions()) do
      assert.is_true(cases[name], name)
      cases[name] = nil
    end
    assert.is_nil(next(cases))
  end)

  local collectors = {
    { "always at work", "incremental", 1, 1000, 1 }, -- other small values make it lazy
    { "of generations", "generational" },
    { "of short generations", "generational", 1, 1 },
  }
  for _, collector in ipairs(collectors) do
    for _, case in ipairs(calls.cases) do
      it(("works with the collector %s: %s"):format(collector[1], case.title), function()
        finally(function()
          collectgarbage("generational", 20, 100)
          collectgarbage("incremental", 200, 100, 13)
        end)
        local given = case.prepare and case.prepare(world)
        collectgarbage(table.unpack(collector, 2))
        case.run(world, given)
        given = case.prepare and case.prepare(world)
        local thread = coroutine.create(case.run)
        local good, raised = coroutine.resume(thread, world, given)
        assert.is_true(good, tostring(raised))
        assert.equal("dead", coroutine.status(thread))
      end)
    end
  end
end)
