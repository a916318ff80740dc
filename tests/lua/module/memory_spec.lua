local calls = require "calls"
local chains = require "chains"
local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

-- Only the host of sanitizer builds can make Lua run out of memory, and only there would a leak be seen.
if not rawget(_G, "pcall_with_allocations") then
  return
end

describe("running out of memory", function()
  local world

  before_each(function() world = calls.start() end)
  after_each(function() world:stop() end)

  --- `prepare` runs with all the memory there is, each time. Returns how often it took.
  local function fail_at_every_allocation(run, prepare)
    local count = 0
    repeat
      local given = prepare and prepare(world)
      collectgarbage "stop" -- a collection in need would move the failure elsewhere
      local good, raised = pcall_with_allocations(count, function() run(world, given) end)
      collectgarbage "restart"
      assert.truthy(good or tostring(raised):find("not enough memory", 1, true), tostring(raised))
      count = count + 1
    until good
    return count
  end

  --- The same within a coroutine, which is given up where it fails.
  local function in_coroutine(run)
    return function(...)
      local thread = coroutine.create(run)
      local good, raised = coroutine.resume(thread, ...)
      if not good then
        coroutine.close(thread)
        error(raised, 0)
      end
    end
  end

  for _, case in ipairs(calls.cases) do
    it("in " .. case.title .. " raises and loses nothing", function()
      local count = fail_at_every_allocation(case.run, case.prepare)
      assert.is_true(case.light or count > 1)
      assert.is_true(fail_at_every_allocation(in_coroutine(case.run), case.prepare) > count)
    end)
  end

  it("in a listing loses no row", function()
    local all, count = helper.collect(world.client:requests { children = true })
    local requests <close> = world.client:requests { children = true }
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
    world:answer(world:prompt "chain:test")
    fail_at_every_allocation(function() assert(world.chain:step()) end)
    assert.is_true(#assert(world.chain:history()) > 0)
    assert.equal(0, world.sandbox:request(calls.row.approvalRequestId).writes.permit)
  end)

  it("in running a chain loses no event", function()
    world:answer(world:prompt "chain:test")
    fail_at_every_allocation(function()
      assert(world.chain:run(function() return true end))
    end, world.open_chain)
    local _, lines = io.open(world.path):read("a"):gsub("\n", "")
    assert.is_true(lines >= 3)
  end)

  it("is not taken for a text that is bad", function()
    local function encode() threatlocker.json_encode { name = "ä" } end
    local good, count = pcall_with_shortage(-1, false, encode)
    assert.is_true(good)
    for n = 0, count - 1 do
      local _, _, raised = pcall_with_shortage(n, false, encode)
      assert.truthy(raised == nil or tostring(raised):find("not enough memory", 1, true), raised)
    end
  end)

  it("in resolving a prompt permits once", function()
    local outcome
    fail_at_every_allocation(function()
      outcome = assert(world.client:resolve_prompt(world.soar, world.answered))
    end)
    assert.equal("permitted", outcome.outcome, outcome.message)
    assert.equal(1, world.sandbox:request(calls.row.approvalRequestId).writes.permit)
  end)
end)

-- Whoever asks for it: Lua, our code, cJSON, SQLite, libcurl.
describe("memory running out for everybody", function()
  local long <const> = os.getenv "TL_LONG" == "1"

  local function stride(count, rounds)
    return math.max(1, count // (long and 3 * rounds or rounds))
  end

  --- How many allocations `run` asks for; `prepare` runs before. Once before that, as what is made once is made then.
  local function count_allocations(run, prepare)
    local good, count
    for _ = 1, 2 do
      prepare()
      good, count = pcall_with_shortage(-1, false, run)
      assert.is_true(good)
    end
    return count
  end

  --- For about so many allocations of run(), each failing alone and with all after it: check(good, n) after it.
  local function spread(about, rounds, run, prepare, check)
    local count, done, failed = count_allocations(run, prepare), 0, 0
    for _, lasts in ipairs { false, true } do
      for n = 0, count - 1, stride(count, rounds) do
        prepare()
        local good = pcall_with_shortage(n, lasts, run)
        check(good, n)
        done, failed = done + 1, failed + (good and 0 or 1)
      end
    end
    io.stderr:write(("%s: %d allocations, %d rounds, %d of them failed by that\n"):format(about, count, done, failed))
    assert.is_true(failed > done / 4)
  end

  describe("in a call", function()
    local world

    setup(function() world = calls.start() end)
    teardown(function() world:stop() end)

    for _, case in ipairs(calls.cases) do
      it("in " .. case.title .. " breaks nothing", function()
        local given
        local function prepare() given = case.prepare and case.prepare(world) end
        local function run() case.run(world, given) end
        local count = count_allocations(run, prepare)
        for n = 0, count - 1, stride(count, 3) do
          prepare()
          pcall_with_shortage(n, false, run)
          prepare()
          pcall_with_shortage(n, true, run)
        end
        prepare()
        run()
      end)
    end
  end)

  describe("in the main job", function()
    local night, permissions

    before_each(function()
      night = chains.start()
      night.client = night.sandbox:client { timeout = 0.5, settle_time = 0.1 }
      permissions = night.sandbox:call("GET", "state").switches.permissions
      table.insert(permissions, "Edit Actioned Requests") -- so that a second write would show
    end)
    after_each(function() night:stop() end)

    --- The queue, the request's details and matches, and a prompt about it: what an example script does first.
    local function propose()
      local found, count = nil, 0
      for row in night.client:requests { status = "pending", children = true } do
        count = count + 1
        found = row.approvalRequestId == chains.id and row or found
      end
      local details = assert(night.client:permit_details(found))
      assert(night.client:matching_applications(details, { organization_id = found.organizationId }))
      assert(night.client:prepare_prompt(found, { executor = "chain:test", choice = chains.new_application() }))
      return count
    end

    it("a script that lists, matches and prepares fails or does it all", function()
      local all, counted = propose()
      spread("list, match, prepare", 20, function() counted = propose() end, function() counted = nil end,
        function(good)
          if good then assert.equal(all, counted) end
        end)
    end)

    --- From the ledger as it is to an end of all that is open.
    local function act()
      local chain <close> = assert(threatlocker.chain(night:options()))
      local counts
      repeat counts = assert(chain:step()) until counts.watched + counts.sending == 0
    end

    local message
    local function ask_and_answer()
      night.sandbox:call("POST", "reset")
      night.sandbox:switch { permissions = permissions }
      night.ledger:remove()
      message = message or assert(night.client:prepare_prompt(chains.row, {
        executor = "chain:test", choice = chains.new_application(),
      })).message
      night:answer(night:show { message = message, choices = { "Permit" } }, "Permit")
    end

    it("a chain permits once, whatever failed before", function()
      spread("chain", 30, act, ask_and_answer, function(good, n)
        for _ = 1, 10 do good = good or pcall(act) end
        assert.is_true(good)
        collectgarbage() -- closes a chain that nobody got
        assert.equal(1, night:writes().permit, ("allocation %d"):format(n))
        local history = assert(threatlocker.history(night.ledger.path, chains.id))
        assert.equal("permitted", history[#history].state, history[#history].message)
      end)
    end)
  end)
end)
