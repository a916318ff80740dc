--- The frame of the command, in this process: words, options, text, tables, requests by the beginning of their id.
local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local nearest = require "threatlocker.command.nearest"
local options = require "threatlocker.command.options"
local tables = require "threatlocker.command.table"
local target = require "threatlocker.command.target"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local guid <const> = "0e000000-0000-4000-8000-000000001003"

describe("the nearest known word", function()
  local known = { "list", "show", "count", "permit", "research", "max-scope", "organizations" }
  for _, case in ipairs {
    { "permti", "permit" }, { "lst", "list" }, { "shwo", "show" }, { "max-scop", "max-scope" },
    { "reasearch", "research" }, { "organisations", "organizations" }, { "organ", "organizations" },
    { "cuont", "count" }, { "zzzzzz", nil }, { "x", nil }, { "", nil }, { "sh", nil },
  } do
    it(("of '%s' is %s"):format(case[1], case[2] or "none"), function()
      assert.equal(case[2], nearest(case[1], known))
    end)
  end

  it("is the nearer one of two", function()
    assert.equal("show", nearest("shov", { "shows", "show" }))
    assert.is_nil(nearest("show", {}))
  end)
end)

describe("options", function()
  local known = {
    { name = "scope", value = "SCOPE", choices = { "computer", "group" } },
    { name = "max-age", value = "N", integer = 1 }, { name = "retries", value = "N", integer = 0, most = 20 },
    { name = "timeout", value = "SECONDS", number = true, most = 60 }, { name = "word", value = "WORD", list = true },
    { name = "output", short = "o", value = "FILE" }, { name = "yes", short = "y" },
  }
  local one = { { name = "REQUEST" }, { name = "FILE-NAME", optional = true } }
  local many = { { name = "ID", list = true } }

  for _, case in ipairs {
    { "a value after its option", { "--scope", "group" }, {}, { scope = "group" } },
    { "a value in the same word", { "--scope=group" }, {}, { scope = "group" } },
    { "a value that holds an equals sign", { "--output=a=b" }, {}, { output = "a=b" } },
    { "a value that looks like an option", { "--output", "-y" }, {}, { output = "-y" } },
    { "a flag twice", { "-y", "--yes" }, {}, { yes = true } },
    { "letters", { "-y", "-o", "x" }, {}, { yes = true, output = "x" } },
    { "a file's name as it is", { "-o", "caf\xE9" }, {}, { output = "caf\xE9" } },
    { "integers", { "--max-age", "007", "--retries", "20" }, {}, { max_age = 7, retries = 20 } },
    { "numbers", { "--timeout", "1.5" }, {}, { timeout = 1.5 } },
    { "lists", { "--word", "a", "--word=b" }, {}, { word = { "a", "b" } } },
    { "nothing", {}, {}, {} },
    { "an operand among options", { "-y", "x", "-o", "f" }, one, { yes = true, request = "x", output = "f" } },
    { "an operand that is optional", { "x", "y" }, one, { request = "x", file_name = "y" } },
    { "a dash alone as operand", { "-" }, one, { request = "-" } },
    { "operands after two dashes", { "--", "--yes", "--help" }, one, { request = "--yes", file_name = "--help" } },
    { "several operands", { "a", "-y", "b" }, many, { id = { "a", "b" }, yes = true } },
    { "help before what is wrong", { "--no-such", "--help" }, one, { help = true } },
    { "help by its letter", { "x", "y", "z", "-h" }, one, { help = true } },
  } do
    it("take " .. case[1], function()
      assert.same(case[4], options.parse(known, case[3], { "name", table.unpack(case[2]) }, 2))
    end)
  end

  for _, case in ipairs {
    { { "--scop", "x" }, {}, "there is no option '--scop' (did you mean --scope?)" },
    { { "--zzzz" }, {}, "there is no option '--zzzz'" }, { { "-z" }, {}, "there is no option '-z'" },
    { { "-yo" }, {}, "there is no option '-yo'" }, { { "--scope" }, {}, "--scope needs a value: SCOPE" },
    { { "--scope=" }, {}, "--scope must be one of: computer, group" }, { { "--output=" }, {}, "--output is empty" },
    { { "--word", "caf\xE9" }, {}, "--word is not valid UTF-8" },
    { { "--yes=1" }, {}, "--yes takes no value" }, { { "-o", "a", "-o", "b" }, {}, "--output is given twice" },
    { { "--max-age", "0" }, {}, "--max-age must be an integer from 1 on" },
    { { "--max-age", "1e3" }, {}, "--max-age must be an integer from 1 on" },
    { { "--max-age", "99999999999999999999" }, {}, "--max-age must be an integer from 1 on" },
    { { "--retries", "21" }, {}, "--retries must be an integer from 0 to 20" },
    { { "--timeout", "-1" }, {}, "--timeout must be a number above 0, at most 60" },
    { { "--timeout", "1.2.3" }, {}, "--timeout must be a number above 0, at most 60" },
    { { "--timeout", "inf" }, {}, "--timeout must be a number above 0, at most 60" },
    { { "--timeout", "60.5" }, {}, "--timeout must be a number above 0, at most 60" },
    { {}, one, "REQUEST is missing" }, { {}, many, "ID is missing" }, { { "" }, one, "REQUEST is empty" },
    { { "a", "b", "c" }, one, "'c' is not expected here" },
  } do
    it(("refuse '%s': %s"):format(table.concat(case[1], " "), case[3]), function()
      local values, wrong = options.parse(known, case[2], { "name", table.unpack(case[1]) }, 2)
      assert.is_nil(values)
      assert.equal(case[3], wrong)
    end)
  end
end)

describe("a text", function()
  it("is given unless it is empty or null", function()
    for _, value in ipairs { 0, "x", " " } do
      assert.equal(value, text.given(value))
    end
    assert.is_nil(text.given(nil))
    assert.is_nil(text.given "")
    assert.is_nil(text.given(threatlocker.null))
  end)

  local hostile = {
    escape = "a\27[2Jb", bell = "a\7b", newline = "a\nb", ["carriage return"] = "a\rb", delete = "a\127b", nul = "a\0b",
    ["C1 control"] = "a\u{9B}2Jb", ["line separator"] = "a\u{2028}b", ["right-to-left override"] = "a\u{202E}b",
    ["isolate"] = "a\u{2066}b", ["zero width space"] = "a\u{200B}b", ["soft hyphen"] = "a\u{AD}b", tag = "a\u{E0041}b",
    ["bytes that are no UTF-8"] = "a\xFF\xC0b", ["a cut character"] = "a\xE2\x82b", ["a surrogate"] = "a\xED\xA0\x80b",
  }
  for name, raw in pairs(hostile) do
    it("is cleaned of: " .. name, function()
      local clean = text.clean(raw)
      assert.truthy(utf8.len(clean))
      assert.truthy(clean:find "^a.+b$", clean)
      for _, code in utf8.codes(clean) do
        assert.is_true(code >= 0x20 and code ~= 0x7F and not (code >= 0x80 and code < 0xA0), clean)
      end
      for _, code in utf8.codes "\u{2028}\u{202E}\u{2066}\u{200B}\u{AD}\u{E0041}" do
        assert.falsy(clean:find(utf8.char(code), 1, true))
      end
    end)
  end

  it("stays as it is where it is harmless", function()
    for _, line in ipairs { "", "plain", "Prüfprogramm 検査.exe", "e\u{301}", "100% <b>", "x\u{1F600}y" } do
      assert.equal(line, text.clean(line))
    end
    assert.equal("5", text.clean(5))
  end)

  for _, case in ipairs {
    { "", 0 }, { "abc", 3 }, { "Prüf", 4 }, { "検査", 4 }, { "e\u{301}", 1 }, { "ｗ", 2 }, { "\u{1F600}", 2 }, { "한국", 4 },
    { "a\u{20D0}検", 3 }, { "✓", 1 },
  } do
    it(("takes cells: '%s' %d"):format(case[1], case[2]), function()
      assert.equal(case[2], text.cells(case[1]))
      assert.equal(6, text.cells(text.pad(case[1], 6)))
    end)
  end

  it("longer than its column is not cut by padding", function()
    assert.equal("検査検査", text.pad("検査検査", 3))
  end)

  for _, case in ipairs {
    { "", 10, { "" } }, { "one two", 10, { "one two" } }, { "one two three", 7, { "one two", "three" } },
    { "one  two", 10, { "one  two" } }, { "abcdefgh", 3, { "abc", "def", "gh" } },
    { "x abcdefgh", 4, { "x", "abcd", "efgh" } }, { "検査検査", 5, { "検査", "検査" } }, { "検", 1, { "検" } },
    { "ae\u{301}io", 2, { "ae\u{301}", "io" } }, { "id " .. guid .. " x", 10, { "id", guid, "x" } },
    { "(" .. guid .. ")", 20, { "(" .. guid .. ")" } },
  } do
    it(("is wrapped: '%s' to %d"):format(case[1], case[2]), function()
      assert.same(case[3], text.wrap(case[1], case[2]))
    end)
  end

  it("loses nothing when it is wrapped, and only a GUID is wider than it may be", function()
    local long = ("Prüfprogramm 検査検査検査 abcdefghijklmnopqrstuvwxyz %s e\u{301}a "):format(guid):rep(3)
    for width = 2, 120 do
      local lines = text.wrap(long, width)
      assert.equal((long:gsub(" ", "")), (table.concat(lines):gsub(" ", "")))
      for _, line in ipairs(lines) do
        assert.is_true(text.cells(line) <= width or line == guid, line)
      end
    end
  end)

  it("tells times without what is not needed", function()
    assert.equal("2026-06-23 14:05:12Z", text.time "2026-06-23T14:05:12.123Z")
    assert.equal("2026-06-23 14:05Z", text.minute "2026-06-23T14:05:12Z")
    assert.equal("soon", text.minute "soon")
  end)
end)

describe("a table", function()
  local columns = {
    { title = "REQUEST" }, { title = "KIND" }, { title = "COMPUTER", wraps = 10 }, { title = "PATH", wraps = 24 },
    { title = "NOTE", wraps = 12 }, { title = "LAST" },
  }
  local rows = {
    { guid, "application", "BAKERY-OFFICE-1-WITH-A-LONG-NAME", "C:\\Users\\zoë\\Prüfprogramm 検査検査検査.exe", "", "x" },
    { guid, "", "e\u{301}", "C:\\x.exe", "see " .. guid .. " and 検査", "" },
    { guid, "storage", "", "", "", "the end" },
  }

  local function write(width, count)
    local lines = {}
    local it = tables.new(columns, width, function(...) lines[#lines + 1] = table.concat { ... } end)
    for number = 1, count or #rows do
      it:add(rows[(number - 1) % #rows + 1])
    end
    it:finish()
    local all = {}
    for line in table.concat(lines):gmatch "([^\n]*)\n" do
      all[#all + 1] = line
    end
    return all
  end

  for _, width in ipairs { 30, 36, 40, 47, 60, 79, 80, 81, 100, 132, 160, 200 } do
    it(("fits %d columns, but for a GUID alone, which stays whole"):format(width), function()
      local whole = 0
      for _, line in ipairs(write(width)) do
        assert.is_true(text.cells(line) <= width or line:find("^ *" .. guid:gsub("%-", "%%-") .. "$") ~= nil, line)
        assert.equal(line, (line:gsub(" +$", "")))
        whole = whole + select(2, line:gsub(guid:gsub("%-", "%%-"), ""))
      end
      assert.equal(4, whole)
    end)
  end

  it("has all in one line each where nobody looks", function()
    assert.equal(1 + #rows, #write(nil))
  end)

  it("puts columns that have no room below, with their titles", function()
    local lines = write(80)
    assert.equal("REQUEST                               KIND         COMPUTER", lines[1])
    local all = table.concat(lines, "\n")
    assert.truthy(all:find("\n  path  C:\\Users\\zoë\\Prüfprogramm 検査検査検査.exe\n", 1, true), all)
    assert.truthy(all:find("\n  last  the end", 1, true), all)
    assert.truthy(table.concat(write(30), "\n"):find("\n  the end", 1, true))
  end)

  it("keeps the columns under their titles, wide characters and all", function()
    local lines = write(200)
    local start = lines[1]:find "NOTE"
    for at = 2, #lines do
      local before = lines[at]:match "^(.-)see 0e"
      assert.is_true(not before or text.cells(before) == start - 1, lines[at])
    end
  end)

  it("writes while rows come, fitted into the widths of the first", function()
    assert.equal(#write(200, 99) + 1, #write(200, 100))
    local lines, column = {}, { title = "A", wraps = 2 }
    local it = tables.new({ column }, 10, function(...) lines[#lines + 1] = table.concat { ... } end)
    for _ = 1, 100 do
      it:add { "x" }
    end
    assert.equal(101, #lines)
    it:add { "xxxxxxxxxxxxxxx" }
    it:finish()
    assert.equal(116, select(2, table.concat(lines):gsub("\n", "")))
  end)

  it("without rows is its titles", function()
    assert.same({ "REQUEST  KIND  COMPUTER  PATH  NOTE  LAST" }, write(80, 0))
  end)
end)

describe("a request named by a person", function()
  local sandbox, client

  before_each(function()
    sandbox = helper.start "--requests 3"
    client = sandbox:client { organization_id = helper.msp }
  end)
  after_each(function() sandbox:stop() end)

  local generated <const> = "0e000000-0000-4000-9000"

  for _, case in ipairs {
    { "by its whole id", helper.request_id(1011), helper.msp },
    { "in a child organization", helper.request_id(1003), helper.bakery },
    { "in capitals", helper.request_id(1003):upper(), helper.bakery },
    { "that is escalated", helper.request_id(1012), helper.bakery },
    { "that the customer escalated", helper.request_id(1013), helper.dental },
  } do
    it("is found " .. case[1], function()
      local row = assert(target.resolve(client, case[2]))
      assert.equal(case[2]:lower(), row.approvalRequestId)
      assert.equal(case[3], row.organizationId)
    end)
  end

  it("is found by a beginning that no other open one has", function()
    for number = 1, 2 do
      sandbox:call("POST", "request", { approvalRequestId = ("%s-%012d"):format(generated, number),
                                        set = { statusId = 10 } })
    end
    for _, name in ipairs { generated, generated:upper(), generated .. "-0000" } do
      assert.equal(generated .. "-000000000003", assert(target.resolve(client, name)).approvalRequestId)
    end
  end)

  for _, case in ipairs {
    { "0e00000", "usage", "is no request id" }, { "printer.exe", "usage", "is no request id" },
    { "", "usage", "is no request id" }, { "0e000000-0000-4000-8000-00000000zzzz", "usage", "is no request id" },
    { "ffffffff", "not_found", "no open request begins with 'ffffffff'" },
    { helper.request_id(1099), "not_found", "give --organization" },
    { helper.request_id(1010), "not_found", "give --organization" },
  } do
    it(("'%s' fails: %s"):format(case[1], case[3]), function()
      local row, message, code = target.resolve(client, case[1])
      assert.is_nil(row)
      assert.equal(case[2], code)
      assert.truthy(message:find(case[3], 1, true), message)
    end)
  end

  for name, more in pairs { [generated] = false, ["0e000000"] = true } do
    it("is one of several, which are told: " .. name, function()
      local row, message, code = target.resolve(client, name)
      assert.is_nil(row)
      assert.equal("usage", code)
      assert.equal(more and 5 or 3, select(2, message:gsub("\n  0e", "")))
      assert.equal(more, message:find("and more", 1, true) ~= nil)
    end)
  end

  it("is not said to be missing where the list moved too much to tell", function()
    examples.move_list({ sandbox = sandbox }, 7)
    for _, expected in ipairs { "the list moved too much", "no open request begins with 'ffffffff'" } do
      local row, message = target.resolve(client, "ffffffff")
      assert.is_nil(row)
      assert.truthy(message:find(expected, 1, true), message)
    end
  end)

  it("cannot be looked for where the portal cannot be asked", function()
    sandbox:switch { token = "revoked" }
    assert.equal("token", select(3, target.resolve(client, generated)))
  end)

  it("is looked for no longer after Ctrl-C", function()
    local interrupted = { requests = function() error("core: interrupted!", 0) end }
    helper.raises("core: interrupted!", target.resolve, interrupted, generated)
  end)
end)
