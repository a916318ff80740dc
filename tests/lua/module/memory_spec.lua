local calls = require "calls"
local helper = require "tests.lua.helper"

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

  it("in resolving a prompt permits once", function()
    local outcome
    fail_at_every_allocation(function()
      outcome = assert(world.client:resolve_prompt(world.soar, world.answered))
    end)
    assert.equal("permitted", outcome.outcome, outcome.message)
    assert.equal(1, world.sandbox:request(calls.row.approvalRequestId).writes.permit)
  end)
end)
