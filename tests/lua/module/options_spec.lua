local helper = require "tests.lua.helper"
local threatlocker = require "threatlocker"

local token = "0123456789abcdef-not-a-real-token"

local function client(options)
  options.instance = options.instance or (not options.base_url and "g" or nil)
  options.token = options.token or token
  return threatlocker.client(options)
end

describe("options", function()
  local misuse = {
    { { tokn = "x" }, "unknown option 'tokn' (did you mean 'token'?)" },
    { { base_ulr = "x" }, "unknown option 'base_ulr' (did you mean 'base_url'?)" },
    { { organisation_id = "x" }, "unknown option 'organisation_id' (did you mean 'organization_id'?)" },
    { { Token = "x" }, "unknown option 'Token' (did you mean 'token'?)" },
    { { l = 1 }, "unknown option 'l'; known: " },
    { { completely_else = 1 }, "unknown option 'completely_else'; known: ca_file, client_cert, " },
    { { "g" }, "options have names; a number is none" },
    { { instance = 5 }, "option 'instance' must be a string, not a number" },
    { { timeout = "5" }, "option 'timeout' must be a number, not a string" },
    { { timeout = 0 }, "option 'timeout' must be above 0 and at most 1000000 seconds" },
    { { timeout = 0 / 0 }, "option 'timeout' must be above 0 and at most 1000000 seconds" },
    { { connect_timeout = -1 }, "option 'connect_timeout' must be above 0 and at most 1000000 seconds" },
    { { retries = 1.5 }, "option 'retries' must be an integer, not a number" },
    { { retries = -1 }, "option 'retries' must be from 0 to 1000" },
    { { page_size = 0 }, "option 'page_size' must be from 1 to 1000" },
    { { concurrency = 17 }, "option 'concurrency' must be from 1 to 16" },
    { { concurrency = "4" }, "option 'concurrency' must be an integer, not a string" },
    { { log = "stderr" }, "option 'log' must be a function, not a string" },
    { { fields = "path" }, "option 'fields' must be a table, not a string" },
    { { fields = { 1 } }, "option 'fields' must be a list of member names" },
    { { fields = { "path\0" } }, "option 'fields' must be a list of member names" },
    { { fields = { path = true } }, "option 'fields' must be a list of member names" },
    { { fields = { "path", nil, "hash" } }, "option 'fields' must be a list of member names" },
    { { ca_file = "a\0b" }, "option 'ca_file' holds a NUL byte" },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[2], function()
      helper.raises(case[2], client, case[1])
    end)
  end

  it("raise without showing a token that is at the wrong place", function()
    local secret = ("s3cr3t"):rep(10)
    for _, options in ipairs { { [secret] = true }, { token = { secret } }, { token = secret .. "\0" } } do
      local good, message = pcall(threatlocker.client, options)
      assert.is_false(good)
      assert.falsy(message:find("s3cr3t", 1, true))
    end
    helper.raises("unknown option with a long name; known: ca_file", threatlocker.client, { [secret] = true })
  end)

  it("are not looked up in a metatable", function()
    assert.has_no_error(function()
      client(setmetatable({ instance = "g", token = token }, { __index = function() return "x" end }))
    end)
  end)

  it("accept fractions of seconds", function()
    assert(client { timeout = 0.5, connect_timeout = 0.25, settle_time = 0.1 }):close()
  end)

  it("accept no retries", function()
    assert(client { retries = 0 }):close()
  end)

  local bad = {
    { "an empty token", { token = "" } },
    { "a token with a carriage return", { token = "abc\rdef" } },
    { "a token with a line feed", { token = "abc\n" } },
    { "a token with Bearer in front", { token = "Bearer " .. token } },
    { "an instance that is no host label", { instance = "g.example.com/" } },
    { "plain http to another host", { base_url = "http://portal.example.com/portalapi" } },
    { "a seal key that is too short", { seal_key = "short" } },
    { "a CA file that is not there", { ca_file = "/nonexistent/ca.pem" } },
  }
  for _, case in ipairs(bad) do
    it("fail with config for " .. case[1], function()
      local value, message, code, failure = client(case[2])
      assert.is_nil(value)
      assert.equal("config", code)
      assert.equal("config", failure.code)
      assert.is_false(failure.retriable)
      local shown = helper.everything(value, message, code, failure)
      assert.falsy(shown:find(token, 1, true))
      assert.falsy(shown:find("abc", 1, true))
    end)
  end

  it("of soar fail with config without credentials or address", function()
    assert.equal("config", select(3, threatlocker.soar { url = "https://soar.example.com", token = "" }))
    assert.equal("config", select(3, threatlocker.soar { url = "http://soar.example.com", token = "x" }))
    assert.equal("config", select(3, threatlocker.soar { url = "https://soar.example.com", user = "only" }))
    helper.raises("unknown option 'urll' (did you mean 'url'?)", threatlocker.soar, { urll = "x" })
  end)
end)

describe("the environment", function()
  local show = "print(select(2, pcall(function() return assert(threatlocker.%s{%s}) end)))"

  local function run(environment, face, options)
    return helper.run_with(environment, show:format(face, options or ""))
  end

  it("gives the client its token and instance", function()
    assert.truthy(run({ THREATLOCKER_API_KEY = token, THREATLOCKER_INSTANCE = "g" }, "client")
                  :find "^threatlocker%.client")
  end)

  it("gives it a base URL, which counts more than an instance", function()
    assert.truthy(run({ THREATLOCKER_API_KEY = token, THREATLOCKER_INSTANCE = "not a label",
                        THREATLOCKER_BASE_URL = helper.nowhere }, "client"):find "^threatlocker%.client")
  end)

  it("counts less than an option", function()
    assert.truthy(run({ THREATLOCKER_API_KEY = "Bearer x", THREATLOCKER_BASE_URL = "nonsense" }, "client",
                      "instance = 'g', token = 'abcdef'"):find "^threatlocker%.client")
  end)

  it("names a file with the token, whose line end does not count", function()
    for _, line_end in ipairs { "", "\n", "\r\n" } do
      local file <close> = helper.file(token .. line_end)
      assert.truthy(run({ THREATLOCKER_API_KEY_FILE = file.path, THREATLOCKER_INSTANCE = "g" }, "client")
                    :find "^threatlocker%.client")
    end
  end)

  it("must not name token and file at once", function()
    local file <close> = helper.file(token)
    local message = run({ THREATLOCKER_API_KEY = token, THREATLOCKER_API_KEY_FILE = file.path,
                          THREATLOCKER_INSTANCE = "g" }, "client")
    assert.truthy(message:find("Both THREATLOCKER_API_KEY and THREATLOCKER_API_KEY_FILE are set", 1, true), message)
  end)

  it("must name a file that can be read", function()
    local message = run({ THREATLOCKER_API_KEY_FILE = "/nonexistent/token", THREATLOCKER_INSTANCE = "g" }, "client")
    assert.truthy(message:find("THREATLOCKER_API_KEY_FILE names /nonexistent/token: No such file", 1, true), message)
  end)

  --- Makes a client with the token in a file after the shell did something to it; `$file` is its path.
  local function with_file(command)
    local file <close> = helper.file(token)
    assert(os.execute(("file='%s'; %s"):format(file.path, command)))
    local printed = helper.run_with({ THREATLOCKER_API_KEY_FILE = file.path, THREATLOCKER_INSTANCE = "g" },
                                    'warn "@on" ' .. show:format("client", ""))
    os.remove(file.path .. ".real")
    return printed
  end

  local unsafe = {
    { "that the group can write", "chmod 620 $file", "others can write it; chmod 600 it" },
    { "that all can write", "chmod 606 $file", "others can write it; chmod 600 it" },
    { "that is a FIFO, without waiting for it", "rm $file && mkfifo -m 600 $file", "it is no regular file" },
    { "that is a folder", "rm $file && ln -s / $file", "it is no regular file" },
    { "that is a device", "rm $file && ln -s /dev/zero $file", "it is no regular file" },
    { "that is a link to nothing", "rm $file && ln -s /nonexistent/x $file", "No such file" },
  }
  if os.execute "test $(id -u) = 0" then -- only root can make such a file
    unsafe[#unsafe + 1] = { "of another user", "chown 65534 $file", "it belongs to another user" }
  end
  for _, case in ipairs(unsafe) do
    it("must not name a file " .. case[1], function()
      local message = with_file(case[2])
      assert.truthy(message:find("THREATLOCKER_API_KEY_FILE names /", 1, true), message)
      assert.truthy(message:find(case[3], 1, true), message)
    end)
  end

  it("may name a file through a link", function()
    assert.truthy(with_file "mv $file $file.real && ln -s $file.real $file":find "^threatlocker%.client")
  end)

  it("is warned about where others can read the token's file", function()
    local warning = "THREATLOCKER_API_KEY_FILE names a file that others can read: chmod 600 it"
    for mode, warned in pairs { [400] = false, [600] = false, [604] = true, [640] = true } do
      local printed = with_file(("chmod %d $file"):format(mode))
      assert.equal(warned, printed:find(warning, 1, true) ~= nil, printed)
      assert.truthy(printed:find("threatlocker.client (", 1, true), printed)
    end
    local file <close> = helper.file "soar-token\n"
    os.execute("chmod 644 " .. file.path)
    assert.truthy(helper.run_with({ SOAR_TOKEN_FILE = file.path, SOAR_URL = "https://soar.example.com" },
                                  'warn "@on" ' .. show:format("soar", ""))
                  :find("SOAR_TOKEN_FILE names a file that others can read", 1, true))
  end)

  it("must name a file of a token's size and shape, whose content is never shown", function()
    for _, content in ipairs { ("x"):rep(5000), "abc\0def", "abc\ndef\n", "" } do
      local file <close> = helper.file(content)
      local message = run({ THREATLOCKER_API_KEY_FILE = file.path, THREATLOCKER_INSTANCE = "g" }, "client")
      assert.falsy(message:find "^threatlocker%.client")
      assert.falsy(message:find("abc", 1, true))
      assert.falsy(message:find("xxx", 1, true))
    end
  end)

  it("is named where something is missing", function()
    assert.truthy(run({ THREATLOCKER_INSTANCE = "g" }, "client"):find("THREATLOCKER_API_KEY_FILE", 1, true))
    assert.truthy(run({ THREATLOCKER_API_KEY = token }, "client"):find("THREATLOCKER_BASE_URL", 1, true))
    assert.truthy(run({ SOAR_TOKEN = "x" }, "soar"):find("SOAR_URL", 1, true))
    assert.truthy(run({ SOAR_URL = "https://soar.example.com", SOAR_USER = "u" }, "soar")
                  :find("SOAR_PASSWORD", 1, true))
  end)

  it("counts as unset where it is empty", function()
    assert.truthy(run({ THREATLOCKER_API_KEY = "", THREATLOCKER_INSTANCE = "g" }, "client"):find("No token", 1, true))
  end)

  it("gives soar its address and token, token file, or user and password", function()
    local file <close> = helper.file "soar-token\n"
    for _, credentials in ipairs { { SOAR_TOKEN = "x" }, { SOAR_TOKEN_FILE = file.path },
                                   { SOAR_USER = "u", SOAR_PASSWORD = "p" } } do
      credentials.SOAR_URL = "https://soar.example.com"
      assert.truthy(run(credentials, "soar"):find "^threatlocker%.soar")
    end
  end)

  it("does not mix its token with a user given as an option", function()
    assert.truthy(run({ SOAR_URL = "https://soar.example.com", SOAR_TOKEN = "x" }, "soar", "user = 'u'")
                  :find("No SOAR credentials", 1, true))
  end)
end)
