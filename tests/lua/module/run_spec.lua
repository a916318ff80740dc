local chains = require "tests.lua.chains"
local core = require "threatlocker.core"
local helper = require "tests.lua.helper"
local shell = require "shell"
local threatlocker = require "threatlocker"

--- This process, which a child can tell.
local function pid()
  return tonumber(shell.capture "echo $PPID")
end

-- The whole of it, with real permits in flight, is in tests/scenarios/stopped.lua.
describe("a run that can be stopped", function()
  local all, chain

  before_each(function()
    all = chains.start()
    chain = all:open()
  end)

  after_each(function() all:stop() end)

  it("ends after stop(), and so does every later one", function()
    local steps = 0
    local value, why = chain:run(function(counts)
      steps = steps + 1
      assert.equal(0, counts.watched)
      chain:stop()
      chain:stop()
    end)
    assert.is_true(value)
    assert.equal("stopped", why)
    assert.equal(1, steps)
    assert.equal("cancelled", select(3, chain:step()))
    local seen
    assert.same({ true, "stopped" }, { chain:run { on_step = function(_, failure) seen = failure.code end } })
    assert.equal("cancelled", seen)
    chain:close()
    chain:stop()
  end)

  it("can be stopped from within its step, which sends nothing then", function()
    local deciding
    deciding = all:open { name = "other", ledger = all.ledger.path .. "2", decide = function()
      deciding:stop()
      return true
    end }
    all:answer(all:ask { executor = "chain:other", choice = chains.new_application() }, "Permit")
    local value, why = deciding:run()
    assert.is_true(value)
    assert.equal("stopped", why)
    deciding:close()
    os.remove(all.ledger.path .. "2")
    assert.equal(0, all:writes().permit)
  end)

  it("is stopped by SIGTERM and SIGINT, also while it sleeps", function()
    for _, name in ipairs { "TERM", "INT" } do
      local fresh = chains.start()
      local mine = fresh:open()
      local before = os.time()
      local sent
      local value, why = mine:run {
        signals = true, on_step = function(_, failure)
          if not sent then
            sent = os.execute(("(sleep 0.2; kill -%s %d) & kill -0 %d"):format(name, pid(), pid()))
          elseif not failure then
            error "the signal did not come"
          end
        end,
      }
      assert.is_true(sent)
      assert.same({ true, "stopped" }, { value, why })
      assert.is_true(os.time() - before <= 2)
      fresh:stop()
    end
  end)

  it("gives the signals back, after an error too", function()
    assert.has_error(function()
      chain:run { signals = true, on_step = function() error "out" end }
    end)
    assert.is_true(chain:run { signals = true, on_step = function() return true end })
    local printed = helper.run_with({}, [[
      local core = require "threatlocker.core"
      local file <close> = assert(io.popen "echo $PPID")
      local pid = file:read "n"
      local soar = assert(threatlocker.soar { url = "http://127.0.0.1:9", token = "x" })
      local client = assert(threatlocker.client { base_url = "http://127.0.0.1:9/portalapi", token = "0123456789" })
      local ledger = os.tmpname()
      os.remove(ledger)
      local chain <close> = assert(threatlocker.chain { name = "t", client = client, soar = soar, ledger = ledger })
      chain:run { signals = true, on_step = function() return true end }
      for _, suffix in ipairs { "", "-wal", "-shm" } do os.remove(ledger .. suffix) end
      io.stdout:write "before"
      io.stdout:flush()
      os.execute("kill -TERM " .. pid)
      threatlocker.sleep(5)
      io.stdout:write "after"
    ]])
    assert.truthy(printed:find "^before" and not printed:find "after", printed)
  end)

  it("goes on with the others where SOAR cannot show one prompt", function()
    local good = all:ask()
    local broken = all.sandbox:call("POST", "prompt", { message = "hello" }).approval
    all.sandbox:call("POST", "fault", { kind = "garbage", match = ("approval/%d/detail"):format(broken), times = -1 })
    all:answer(good, "Permit")
    local told
    assert.is_true(chain:run(function(counts, failure)
      told = failure or told
      return counts.permitted > 0
    end))
    assert.same({ "protocol", true }, { told.code, told.retriable })
    assert.equal(1, all:writes().permit)
  end)

  it("ends where no step can do better, also while one prompt cannot be shown", function()
    local waiting = all:ask()
    local broken = all.sandbox:call("POST", "prompt", { message = "hello" }).approval
    all.sandbox:call("POST", "fault", { kind = "garbage", match = ("approval/%d/detail"):format(broken), times = -1 })
    all.sandbox:call("POST", "fault", { kind = "status", status = 440, match = "PermitApplicationById", times = -1 })
    all:answer(waiting, "Permit")
    local value, _, code = chain:run()
    assert.is_nil(value)
    assert.equal("token", code)
  end)

  it("is the only one with signals in its process", function()
    local other <close> = helper.ledger()
    local second = all:open { ledger = other.path }
    assert.is_true(chain:run { signals = true, on_step = function()
      helper.raises("another chain of this process already runs with signals", second.run, second, { signals = true })
      assert.is_true(second:run(function() return true end))
      return true
    end })
    second:close()
  end)

  it("gives no signals to a chain that is closed already", function()
    chain:close()
    helper.raises("closed chain", core.watch_signals, chain)
  end)

  it("does not stop a chain that was closed meanwhile", function()
    helper.raises("closed chain", chain.run, chain, { signals = true, on_step = function()
      chain:close()
      os.execute("kill -TERM " .. pid())
    end })
  end)

  it("raises misuse", function()
    local raises = helper.raises
    raises("options must be a table, or a function, not a string", chain.run, chain, "often")
    raises("option 'on_step' must be a function, not a string", chain.run, chain, { on_step = "often" })
    raises("option 'signals' must be a boolean, not a number", chain.run, chain, { signals = 1 })
    raises("unknown option 'signal'", chain.run, chain, { signal = true })
    raises("threatlocker.chain expected", chain.stop, all.client)
    raises("threatlocker.chain expected", chain.run, all.client, { signals = true })
  end)
end)

describe("a ledger's history", function()
  local all

  before_each(function() all = chains.start() end)
  after_each(function() all:stop() end)

  it("can be read from its file when the chain has ended", function()
    local chain = all:open()
    local approval = all:ask()
    all:answer(approval, "Permit")
    assert(chain:step())
    local told = assert(chain:history())
    local value, message, code = threatlocker.history(all.ledger.path)
    assert.is_nil(value)
    assert.equal("config", code)
    assert.truthy(message:find("a chain is running with ledger", 1, true), message)
    assert.equal(#told, #assert(chain:history()))
    chain:close()
    assert.same(told, assert(threatlocker.history(all.ledger.path)))
    assert.equal(4, #assert(threatlocker.history(all.ledger.path, chains.row)))
    assert.equal("[]", threatlocker.json_encode(assert(threatlocker.history(all.ledger.path, helper.request_id(1)))))
    local last = told[#told]
    assert.same({ approval, "permit", "analyst", "permitted" },
                { last.approval_id, last.answer, last.answered_by, last.outcome })
    assert.truthy(last.verified:find("read back: status 4", 1, true), last.verified)
  end)

  it("fails with config where there is none, and raises misuse", function()
    assert.equal("config", select(3, threatlocker.history "/nonexistent/ledger.db"))
    assert.equal("config", select(3, threatlocker.history(all.ledger.path)))
    assert.is_nil((io.open(all.ledger.path)))
    assert.equal("invalid", select(3, threatlocker.history(all.ledger.path, "17")))
    assert.has_error(function() threatlocker.history() end)
    assert.has_error(function() threatlocker.history "a\0b" end)
    assert.has_error(function() threatlocker.history(all.ledger.path, 17) end)
  end)
end)
