local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local shell = require "shell"

describe("each example", function()
  local function each()
    return shell.capture("ls lua/examples/*.lua"):gmatch "[^\n]+"
  end

  it("is short, and needs nothing but the module", function()
    local count = 0
    for path in each() do
      local text = helper.slurp(path)
      assert.is_true(select(2, text:gsub("\n", "")) < 60, path)
      for name in text:gmatch "require%W+([%w_.]+)" do
        assert.equal("threatlocker", name)
      end
      assert.truthy(text:find("^%-%- .*\n%-%-   [^\n]*lua5.4 " .. path:match "[^/]+$"), path)
      count = count + 1
    end
    assert.equal(6, count)
  end)

  it("says in one line that there is no token", function()
    local rules <close> = helper.file ""
    local arguments = { ["approve_by_rule.lua"] = { rules.path }, ["night_shift.lua"] = { "/nonexistent/ledger" },
                        ["temporary_permit.lua"] = { helper.request_id(1003), "4", "INC-1" } }
    for path in each() do
      local name = path:match "[^/]+$"
      if name ~= "tickets.lua" then
        local code, out, err = helper.run_script(path, arguments[name] or {}, { THREATLOCKER_INSTANCE = "g" })
        assert.equal(1, code)
        assert.equal("", out)
        assert.truthy(err:find "^[^\n]+: No token: [^\n]+THREATLOCKER_API_KEY[^\n]+\n$", err)
      end
    end
  end)
end)

describe("one_queue.lua", function()
  local all

  before_each(function() all = examples.start() end)
  after_each(function() all:stop() end)

  it("shows all organizations' pending requests, oldest first", function()
    local code, out, err = all:run("one_queue.lua")
    assert.equal(0, code, err)
    local ids, times = {}, {}
    for time, id in out:gmatch "\n(20%S+) [^\n]+ (0e000000%S+) " do
      times[#times + 1], ids[id] = time, true
    end
    local sorted = table.move(times, 1, #times, 1, {})
    table.sort(sorted)
    assert.same(sorted, times)
    local pending = 0
    for _, request in ipairs(all.sandbox:call("GET", "state").requests) do
      if request.statusId == 1 and request.organizationId ~= helper.unrelated then
        pending = pending + 1
        assert.is_true(ids[request.approvalRequestId])
      end
    end
    assert.equal(pending, #times)
    helper.has(out, ("\n%d requests\n"):format(pending))
    assert.truthy(out:find("Example Bakery Outlet  OUTLET%-TILL%-1 .*Prüfprogramm 検査.exe"))
    assert.equal("", all:writes())
  end)

  it("shows hostile text harmlessly, each request on one line", function()
    local _, before = all:run("one_queue.lua")
    local hostile = examples.hostile
    all:set(helper.request_id(1017), { path = hostile, username = hostile,
                                       row = { hostname = hostile, organizationName = hostile } })
    local _, out = all:run("one_queue.lua")
    examples.is_harmless(out, select(2, before:gsub("\n", "")))
    helper.has(out, "C:\\x\u{FFFD}[2J\u{FFFD}31m\u{FFFD}\u{FFFD}next\"line\u{FFFD}.exe")
  end)

  it("fails without a table where the list breaks off", function()
    all:break_list(1)
    local code, out, err = all:run("one_queue.lua")
    assert.equal(1, code)
    assert.equal("", out)
    examples.is_server_error(err)
  end)

  it("fails where the list may lack something", function()
    all:move_list(7)
    local code, _, err = all:run("one_queue.lua")
    assert.equal(1, code)
    helper.has(err, "one_queue: the list moved while it was read")
  end)
end)
