local chains = require "tests.lua.chains"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"
local threatlocker = require "threatlocker"

describe("a chain's events", function()
  local all, folder, path

  before_each(function()
    all = chains.start()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. shell.quote(folder)))
    path = folder .. "/events.jsonl"
  end)

  after_each(function()
    all:stop()
    os.execute("rm -r " .. shell.quote(folder))
  end)

  --- The ids of the events in a file, whose lines must all be whole.
  local function read(name)
    local states, ids = {}, {}
    for line in io.lines(name or path) do
      local event = assert(json.decode(line), line)
      states[#states + 1], ids[#ids + 1] = event.state, event.event
    end
    return table.concat(states, " "), ids
  end

  it("go to a file, each on disk when the step returns", function()
    local told = {}
    local chain = all:open { events = path, event = function(line) told[#told + 1] = json.decode(line).event end }
    assert.equal("-rw-------\n", shell.capture("stat -c %A " .. path))
    all:answer(all:ask(), "Permit")
    assert(chain:step())
    local states, ids = read()
    assert.equal("seen answered sending permitted", states)
    assert.same(ids, told)
    assert(chain:step())
    assert.equal(states, (read()))
  end)

  it("are appended to what is there, after its last line was ended", function()
    local file <close> = assert(io.open(path, "wb"))
    file:write '{"state":"old"}\n{"torn'
    file:close()
    local chain = all:open { events = path }
    all:ask()
    assert(chain:step())
    local lines = {}
    for line in io.lines(path) do lines[#lines + 1] = line end
    assert.same({ '{"state":"old"}', '{"torn' }, { lines[1], lines[2] })
    assert.equal("seen", json.decode(lines[3]).state)
    assert.equal(3, #lines)
  end)

  it("are repeated where they could not be written, and the step fails", function()
    local chain = all:open { events = path }
    assert(os.execute("rm -r " .. folder))
    all:answer(all:ask(), "Permit")
    local value, message, code, failure = chain:step()
    assert.is_nil(value)
    assert.equal("config", code)
    assert.truthy(message:find(path .. ": No such file", 1, true), message)
    assert.is_false(failure.retriable)
    assert.equal(1, failure.counts.permitted)
    assert(os.execute("mkdir " .. folder))
    assert(chain:step())
    assert.equal("seen answered sending permitted", (read()))
    assert.equal(1, all:writes().permit)
  end)

  it("are repeated by the next chain, too, and end a run", function()
    local chain = all:open { events = "/dev/full" }
    all:ask()
    assert.equal("config", select(3, chain:run()))
    assert.equal("config", select(3, chain:run()))
    chain:close()
    assert.equal("config", select(3, threatlocker.chain(all:options { events = "/dev/full" })))
    all:open({ events = path }):close()
    assert.equal("seen", (read()))
    all:open({ events = path }):close()
    assert.equal("seen", (read()))
  end)

  it("do not hold up the chain where nobody reads a FIFO", function()
    assert(os.execute("mkfifo " .. path))
    local value, message, code = threatlocker.chain(all:options { events = path })
    assert.is_nil(value)
    assert.equal("config", code)
    assert.truthy(message:find(path, 1, true))
  end)

  it("go to standard output as -", function()
    all:answer(all:ask(), "Reject")
    local printed = helper.run_with(all.sandbox:environment(), ([[
      local chain = assert(threatlocker.chain { name = "test", client = assert(threatlocker.client()), events = "-",
        soar = assert(threatlocker.soar()), ledger = %q, since = "2020-01-01T00:00:00Z" })
      assert(chain:step())
    ]]):format(all.ledger.path))
    local states = {}
    for line in printed:gmatch "{[^\n]+" do -- sanitizers may say something, too
      states[#states + 1] = assert(json.decode(line), line).state
    end
    assert.same({ "seen", "answered", "sending", "rejected" }, states)
  end)

  it("do not let the event function step its own chain", function()
    local chain, said
    local told = {}
    chain = all:open { event = function(line)
      told[#told + 1] = json.decode(line).state
      said = { pcall(chain.step, chain) }
    end }
    all:answer(all:ask(), "Permit")
    assert.equal(1, assert(chain:step()).permitted)
    assert.is_false(said[1])
    assert.truthy(said[2]:find("attempt to step a chain within its own event function", 1, true), said[2])
    assert(chain:step())
    assert.equal("seen answered sending permitted", table.concat(told, " "))
  end)

  it("let the event function close its own chain", function()
    local chain
    chain = all:open { event = function() chain:close() end }
    all:ask()
    assert.equal(1, assert(chain:step()).watched)
    helper.raises("closed chain", chain.step, chain)
  end)
end)
