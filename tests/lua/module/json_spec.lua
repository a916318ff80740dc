local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"
local null, array, encode, decode = threatlocker.null, threatlocker.array, threatlocker.json_encode,
                                    threatlocker.json_decode

--- A list inside lists, or an object inside objects.
local function nested(levels, wrap)
  local value = wrap()
  for _ = 2, levels do
    value = wrap(value)
  end
  return value
end

local function list(value)
  return array { value }
end

describe("json_decode", function()
  local cases = {
    { "0", 0 }, { "-1", -1 }, { '"text"', "text" }, { "true", true }, { "false", false }, { '""', "" },
    { "9007199254740993", 9007199254740993 },
    { "9223372036854775807", math.maxinteger },
    { "-9223372036854775808", math.mininteger },
    { "9223372036854775808", "9223372036854775808" },
    { "-9223372036854775809", "-9223372036854775809" },
    { "123456789012345678901234567890", "123456789012345678901234567890" },
    { "1.5", 1.5 }, { "1.0", 1.0 }, { "1e3", 1000.0 }, { "1e30", 1e30 }, { "0.1", 0.1 },
    { '"\\u00e4\\ud83d\\ude00"', "ä😀" }, { '"a\\nb"', "a\nb" },
    { "null", null },
  }
  for _, case in ipairs(cases) do
    it("reads " .. case[1], function()
      local value = decode(case[1])
      assert.equal(case[2], value)
      assert.equal(math.type(case[2]), math.type(value))
    end)
  end

  it("leaves null members out, so that a test of a member means what it says", function()
    local value = decode '{"hash":null,"path":"x"}'
    assert.is_nil(value.hash)
    assert.is_nil(next(value, "path"))
  end)

  it("keeps null members where something is named to stand for them", function()
    assert.equal(null, decode('{"hash":null}', { null = null }).hash)
    assert.equal(false, decode('{"hash":null}', { null = false }).hash)
  end)

  it("keeps nulls in lists, where leaving them out would shift the others", function()
    local value = decode "[1,null,3]"
    assert.equal(3, #value)
    assert.equal(null, value[2])
  end)

  it("reads each object of a list as it reads it alone, whatever stood in its place before", function()
    local many = {}
    for i = 1, 200 do
      many[i] = ('"m%d":%d'):format(i, i)
    end
    local rows = {
      '{"a":1,"b":{"c":{"d":{"e":{"f":"x"}}}},"g":[{"h":1},{"h":2,"i":3}]}',
      '{"a":1,"b":{"c":{"d":{"e":{"f":"y"}}}},"g":[]}', '{"b":{"a":1,"cc":2},"a":null,"gg":[{"i":1}]}',
      '{"":0,"a":1}',
      "{}", '{"a":null,"b":1}', "{" .. table.concat(many, ",") .. "}",
      "{" .. table.concat(many, ",", 2) .. "}", "[]",
      '"a"',
    }
    for last = 1, #rows do
      local texts, expected = { rows[last] }, { decode(rows[last]) }
      for i, row in ipairs(rows) do
        texts[i + 1], expected[i + 1] = row, decode(row)
      end
      assert.same(array(expected), decode("[" .. table.concat(texts, ",") .. "]"))
    end
  end)

  it("marks lists with one shared metatable", function()
    local value = decode '{"a":[],"b":[[1]],"c":{}}'
    local mark = getmetatable(array {})
    assert.equal("threatlocker.array", mark.__name)
    assert.equal(mark, getmetatable(value.a))
    assert.equal(mark, getmetatable(value.b[1]))
    assert.is_nil(getmetatable(value.c))
  end)

  local refused = {
    empty = "", blank = "  ", ["cut off"] = '{"a":', ["followed by more"] = "{} x",
    ["with a key twice"] = '{"a":1,"a":2}', ["with a byte order mark"] = "\xEF\xBB\xBF{}",
    ["with bad UTF-8"] = '"\xFF"', ["with an escaped NUL"] = '"a\\u0000b"',
    ["with a lone surrogate"] = '"\\ud800"', ["with a raw control character"] = '"\t"', ["with a leading zero"] = "01",
    ["with an endless number"] = "1e400", ["nested too deeply"] = ("["):rep(65) .. ("]"):rep(65),
  }
  for name, text in pairs(refused) do
    it("refuses text that is " .. name, function()
      local value, message, code, failure = decode(text)
      assert.is_nil(value)
      assert.is_string(message)
      assert.equal("protocol", code)
      assert.equal("protocol", failure.code)
      assert.equal(message, failure.message)
    end)
  end

  it("raises for what is no string", function()
    assert.has_error(function() decode(5) end)
    helper.raises("unknown option 'nul' (did you mean 'null'?); known: null", decode, "{}", { nul = 1 })
  end)
end)

describe("json_encode", function()
  local cases = {
    { "integers exactly", math.mininteger, "-9223372036854775808" },
    { "floats as floats", 1.0, "1.0" },
    { "floats so that they read back the same", 0.1, "0.1" },
    { "large floats", 1e300, "1e+300" },
    { "text", 'a"b\n\u{1F600}', '"a\\"b\\n\u{1F600}"' },
    { "true", true, "true" },
    { "null", null, "null" },
    { "an unmarked empty table as an object", {}, "{}" },
    { "a marked empty table as a list", array {}, "[]" },
    { "a new empty list", array(), "[]" },
    { "a sequence as a list", { 1, 2, 3 }, "[1,2,3]" },
    { "nulls in lists", { 1, null, 3 }, "[1,null,3]" },
    { "members by name", { b = 1, a = 2, c = { z = 1, y = 2 } }, '{"a":2,"b":1,"c":{"y":2,"z":1}}' },
    { "64 levels", nested(64, list), ("["):rep(64) .. ("]"):rep(64) },
  }
  for _, case in ipairs(cases) do
    it("writes " .. case[1], function()
      assert.equal(case[3], encode(case[2]))
    end)
  end

  local round_trips = {
    '{"a":[],"b":{},"c":[1,2.5,"x",null,[{}]],"d":9007199254740993,"e":1.0,"f":true}',
    "[]", "{}", "[[],[[]],{},[{}]]", '{"a":{"b":{"c":[]}}}', "[null]", "[null,null]", '[{"a":[]},{"a":[[]]}]',
    "[-1,0,1]", "[9007199254740991,9007199254740992,9007199254740993]", "[-9007199254740993]",
    "[9223372036854775806,9223372036854775807]", "[-9223372036854775808,-9223372036854775807]",
    "[0.1,1e+300,-0.0,2.5e-08]",
  }
  for _, text in ipairs(round_trips) do
    it("gives back what was read: " .. text, function()
      assert.equal(text, encode(decode(text)))
    end)
  end

  it("gives back nulls of members where they were kept", function()
    assert.equal('{"a":null}', encode(decode('{"a":null}', { null = null })))
  end)

  it("keeps a list that was emptied, or filled, a list", function()
    local value = decode '{"full":["x"],"empty":[]}'
    value.full[1], value.empty[1] = nil, "y"
    assert.equal('{"empty":["y"],"full":[]}', encode(value))
  end)

  local cycle = {}
  cycle.inner = { cycle }
  local refused = {
    { "a function", { a = { b = { 1, print } } }, "value.a.b[2]: a function" },
    { "a userdata", { file = io.stdout }, "value.file: a userdata" },
    { "not-a-number", { n = 0 / 0 }, "value.n: infinity and not-a-number" },
    { "infinity", { -math.huge }, "value[1]: infinity and not-a-number" },
    { "a list with holes", { list = { 1, nil, 3 } }, "value.list: a list with holes" },
    { "a list that does not start", { [2] = true }, "value: a list with holes" },
    { "items beside members", { x = { 1, a = 2 } }, "value.x: a table with list items and named members" },
    { "a marked list with members", { x = array { a = 2 } }, "value.x: a table with list items and named members" },
    { "keys of other types", { x = { [true] = 1 } }, "value.x: a table's keys" },
    { "fractional keys", { [1.5] = 1 }, "value: a table's keys" },
    { "bad UTF-8", { name = "\xC3" }, "value.name: text is not valid UTF-8" },
    { "bad UTF-8 in a key", { ["\xFFx"] = 1 }, "value" },
    { "text with a NUL byte", { name = "a\0b" }, "value.name: text with a NUL byte" },
    { "65 levels", nested(65, list), "value: nested more than 64 levels deep" },
    { "a table that contains itself", cycle, "value: nested more than 64 levels deep" },
    { "nil", nil, "value: a nil" },
  }
  for _, case in ipairs(refused) do
    it("refuses " .. case[1] .. ", naming the place", function()
      local good, message = pcall(encode, case[2])
      assert.is_false(good)
      assert.truthy(message:find(case[3], 1, true), message)
    end)
  end

  it("never calls metamethods", function()
    local function fail() error "called" end
    local spooky = setmetatable({ a = 1 }, { __index = fail, __pairs = fail, __len = fail, __tostring = fail })
    assert.equal('{"a":1}', encode(spooky))
  end)
end)

describe("array", function()
  it("marks the table it gets and returns it", function()
    local value = {}
    assert.equal(value, array(value))
    assert.equal("[]", encode(value))
  end)

  it("raises for what is no table, and for a protected metatable", function()
    assert.has_error(function() array "x" end)
    assert.has_error(function() array(setmetatable({}, { __metatable = false })) end)
  end)
end)

describe("the module", function()
  it("names its version, the project's", function()
    local file <close> = assert(io.open "CMakeLists.txt")
    assert.equal(file:read("a"):match "project%(threatlocker VERSION ([%d.]+)", threatlocker._VERSION)
  end)

  it("has a null that is the null pointer, as other modules have", function()
    assert.equal("userdata", type(null))
    assert.truthy(tostring(null):find("nil", 1, true) or tostring(null):find("0x0", 1, true))
  end)

  it("cleans text for people's eyes", function()
    for _, case in ipairs {
      { "C:\\Tools\\Prüfung.exe", "C:\\Tools\\Prüfung.exe" }, { "", "" }, { nil, "" }, { " a\t", "a" },
      { "a\27[2J\r\nb", "a\u{FFFD}[2J\u{FFFD}\u{FFFD}b" }, { "\u{9B}1m", "\u{FFFD}1m" },
      { "exe\u{202E}txt\u{200B}", "exe\u{FFFD}txt\u{FFFD}" }, { "\xFF", "\u{FFFD}" },
    } do
      assert.equal(case[2], threatlocker.clean_text(case[1]))
    end
    assert.equal("äb…", threatlocker.clean_text("äbc", 2))
    assert.equal("äbc", threatlocker.clean_text("äbc", 3))
    helper.raises("string expected", threatlocker.clean_text, 5)
    helper.raises("integer expected", threatlocker.clean_text, "a", "5")
    helper.raises("must not be negative", threatlocker.clean_text, "a", -1)
    helper.raises("must not contain NUL bytes", threatlocker.clean_text, "a\0b")
  end)

  it("sleeps", function()
    assert.is_true(threatlocker.sleep(0))
    assert.is_true(threatlocker.sleep(0.001))
    assert.has_error(function() threatlocker.sleep(-1) end)
    assert.has_error(function() threatlocker.sleep "1" end)
  end)
end)
