local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"

describe("nightly_report.lua", function()
  local all

  before_each(function() all = examples.start() end)
  after_each(function() all:stop() end)

  --- The cells of a line of CSV, all of them quoted.
  local function cells_of(line)
    local cells, at = {}, 1
    while at <= #line do
      assert.equal('"', line:sub(at, at))
      local cell = ""
      repeat
        local part, past = line:match('^([^"]*)"()', at + 1)
        at = past
        local doubled = line:sub(at, at) == '"'
        cell = cell .. part .. (doubled and '"' or "")
      until not doubled
      cells[#cells + 1] = cell
      assert.truthy(at > #line or line:sub(at, at) == ",", line)
      at = at + 1
    end
    return cells
  end

  --- The records of a report, by their requests' ids.
  local function read(text)
    local records = {}
    for line in text:gmatch "(.-)\r\n" do
      local cells = cells_of(line)
      assert.equal(11, #cells)
      assert.is_nil(records[cells[11]])
      records[cells[11]] = cells
    end
    return records
  end

  local function report(...)
    local code, out, err = all:run("nightly_report.lua", ...)
    assert.equal(0, code, err)
    return read(out), out
  end

  it("holds what was decided on a day, and what waits", function()
    local records = report "2026-06-20"
    assert.equal("status", records.request[1])
    local approved = records[helper.request_id(1009)]
    assert.same({ "approved", "2026-06-20T10:12:30Z", "operator@example.com", "Known vendor." },
      { approved[1], approved[3], approved[4], approved[10] })
    assert.equal("rejected", records[helper.request_id(1010)][1])
    local waiting = { [1] = "pending", [13] = "escalated", [17] = "escalated_by_customer" }
    for _, request in ipairs(all.sandbox:call("GET", "state").requests) do
      if request.organizationId ~= helper.unrelated and waiting[request.statusId] then
        assert.equal(waiting[request.statusId], records[request.approvalRequestId][1])
      end
    end
    assert.is_nil(records[helper.request_id(1099)])
    assert.equal("", all:writes())
  end)

  it("is of yesterday unless told otherwise", function()
    local yesterday = os.date("!%Y-%m-%d", os.time() - 86400)
    all:set(helper.request_id(1009), { actionDate = yesterday .. "T23:59:59Z" })
    all:set(helper.request_id(1010), { actionDate = os.date "!%Y-%m-%dT00:00:00Z" })
    local records = report()
    assert.equal("approved", records[helper.request_id(1009)][1])
    assert.is_nil(records[helper.request_id(1010)])
  end)

  it("has no formulas, and a line for each request", function()
    local formulas = { "=1+1", "+1", "-1", "@SUM(1)", "\t=1+1", "\r\n=1+1", " =1", "\u{FF1D}1", "\u{FF0B}1" }
    for at, formula in ipairs(formulas) do
      all:set(helper.request_id(1000 + at), { path = formula, row = { hostname = formula, comments = formula } })
    end
    all:set(helper.request_id(1017), { path = examples.hostile .. '","=2"' })
    local records, text = report "2026-06-20"
    for at in ipairs(formulas) do
      local record = records[helper.request_id(1000 + at)]
      for _, column in ipairs { 6, 8, 10 } do
        assert.truthy(record[column]:find "^'[^%s%c]", record[column])
      end
    end
    assert.equal('C:\\x\u{FFFD}[2J\u{FFFD}31m next"line\u{FFFD}.exe","=2"', records[helper.request_id(1017)][8])
    assert.falsy(text:find '[,\n]"?[=+@\t-]')
    examples.is_harmless(text, select(2, text:gsub("\r\n", "")))
  end)

  it("prints nothing where a list breaks off, be it the first or a later one", function()
    for _, calls in ipairs { 1, 8 } do
      all.sandbox:call("POST", "reset")
      all:break_list(calls)
      local code, out, err = all:run("nightly_report.lua")
      assert.equal(1, code)
      assert.equal("", out)
      examples.is_server_error(err)
    end
  end)

  it("prints nothing where a list may lack something", function()
    all:move_list(2)
    local code, out, err = all:run("nightly_report.lua")
    assert.equal(1, code)
    assert.equal("", out)
    helper.has(err, "nightly_report: the list moved while it was read")
  end)

  it("fails on a wrong day, and where it cannot be written", function()
    local code, out, err = all:run("nightly_report.lua", "yesterday")
    assert.equal(1, code)
    assert.equal("", out)
    helper.has(err, "nightly_report: usage: ")
    local command = helper.script_command("lua/examples/nightly_report.lua", {}, all.sandbox:environment())
    assert.equal(1, select(3, os.execute(command .. " >/dev/full 2>/dev/null")))
  end)
end)
