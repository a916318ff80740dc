--- The subcommands that look things up in the portal.
local command = require "tests.lua.command"
local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local json = require "dkjson"
local shell = require "shell"
local text = require "threatlocker.command.text"
local threatlocker = require "threatlocker"

local has = command.has
local updater = helper.request_id(1001)
local builtin, own = helper.application_id(101), helper.application_id(202)

describe("the command", function()
  local sandbox

  before_each(function() sandbox = helper.start() end)
  after_each(function() sandbox:stop() end)

  local function run(arguments, more)
    return command.run(arguments, sandbox:environment(more))
  end

  --- The JSON lines that the module's own rows are.
  local function lines_of(rows)
    local lines = {}
    for at, row in ipairs(rows) do
      lines[at] = threatlocker.json_encode(row) .. "\n"
    end
    return table.concat(lines)
  end

  ------------------------------------------------------------------------------------------------------------------
  -- Lists

  local in_dental <const> = { THREATLOCKER_ORG_ID = helper.dental }
  local lists = {
    { { "applications" }, function(client) return client:applications() end, "Dental Imaging" },
    { { "applications", "--os", "mac" }, function(client) return client:applications { os = "mac" } end,
      "Mac Utilities" },
    { { "applications", "--search", "imaging" }, function(client) return client:applications { search = "imaging" } end,
      "Dental Imaging" },
    { { "applications", "--maintenance" }, function(client) return client:maintenance_applications() end,
      "Dental Imaging" },
    { { "organizations" }, function(client) return client:organizations() end, "Example Dental Group" },
    { { "organizations", "--search", "dental" }, function(client)
      return client:organizations { search = "dental" }
    end, "Example Dental Group" },
    { { "groups" }, function(client) return client:computer_groups() end, "All Windows Computers" },
    { { "groups", "--os", "all" }, function(client) return client:computer_groups { os = "all" } end, "Macs" },
    { { "endpoints" }, threatlocker.endpoints, "ApprovalRequest/ApprovalRequestPermitApplication" },
  }
  for _, case in ipairs(lists) do
    local words = table.concat(case[1], " ")

    it("lists as a table that fits: " .. words, function()
      for _, width in ipairs { 80, 200 } do
        local code, out, err = run(case[1], { THREATLOCKER_ORG_ID = helper.dental, COLUMNS = tostring(width) })
        assert.equal(0, code, err)
        assert.equal("", err)
        has(out, case[3])
        for line in out:gmatch "[^\n]+" do
          assert.is_true(text.cells(line) <= width, line)
        end
      end
    end)

    it("gives as JSON what the module gives: " .. words, function()
      local rows = case[2](sandbox:client { organization_id = helper.dental, null = threatlocker.null })
      local arguments = { table.unpack(case[1]) }
      table.insert(arguments, "--json")
      local code, out = run(arguments, in_dental)
      assert.equal(0, code)
      assert.is_true(#rows > 0)
      assert.equal(lines_of(rows), out)
    end)
  end

  it("marks what is built-in, what is global, and what writes", function()
    for arguments, lines in pairs {
      [{ "applications" }] = { "0203  Dental Imaging +Example Dental Group +no\n" },
      [{ "groups", "--os", "all" }] = { " All Windows Computers +windows +yes +Example MSP\n", " Macs +mac +no " },
      [{ "endpoints" }] = {
        "POST +ApprovalRequest/ApprovalRequestPermitApplication +yes +.*Approve Escalation %(an escalated request%);",
        "GET +ApprovalRequest/ApprovalRequestGetCount +no +not documented\n",
      },
    } do
      local _, out = run(arguments, in_dental)
      for _, line in ipairs(lines) do
        assert.truthy(out:find(line), out)
      end
    end
  end)

  it("shows the columns named", function()
    local _, out = run({ "groups", "--columns", "name,organization-id" }, in_dental)
    has(out, "NAME                   ORGANIZATION-ID\nAll Windows Computers  " .. helper.msp .. "\n")
  end)

  it("needs no credentials to list endpoints", function()
    local code, out = command.run { "endpoints", "--columns", "name,method" }
    assert.equal(0, code)
    assert.truthy(out:find "\nApplicationGetResearchDetailsById +GET\n", out)
  end)

  ------------------------------------------------------------------------------------------------------------------
  -- Single things

  it("shows research", function()
    local code, out = run { "research", builtin }
    assert.equal(0, code)
    for _, part in ipairs { "Product          Example Field Service", "Business rating  7", "Review rating    5",
                            "Concern rating   2", "Categories       Business Software", "United States",
                            "Applications, File, Internet, Registry", "Fictitious advice" } do
      has(out, part)
    end
    code, out = run { "research", builtin, "--json" }
    assert.equal(0, code)
    assert.equal(threatlocker.json_encode(sandbox:client { null = threatlocker.null }:research(builtin)) .. "\n", out)
  end)

  describe("file", function()
    local uploaded, other = helper.request_id(1011), helper.request_id(1017)
    local path

    before_each(function()
      path = os.tmpname()
      os.remove(path)
    end)
    after_each(function() os.remove(path) end)

    it("tells whether there is one, and not where", function()
      for _, arguments in ipairs { { "file", uploaded }, { "file", uploaded, "--json" }, { "file", uploaded, "-v" } } do
        local code, out, err = run(arguments)
        assert.equal(0, code)
        has(out, "diagnose.exe")
        assert.falsy((out .. err):find("http", 1, true))
        assert.falsy((out .. err):find("sig=", 1, true))
      end
      local code, out, err = run { "file", updater }
      assert.equal(1, code)
      assert.equal("", out)
      has(err, "did not upload a copy (not_found)")
    end)

    it("is downloaded, and never over another", function()
      local code, out = run { "file", uploaded, "--output", path }
      assert.equal(0, code)
      local content = command.slurp(path)
      has(content, "MZ This is no program")
      for _, part in ipairs { "Saved as  " .. path, "Bytes     " .. #content, "Checked   it is the request's SHA-256",
                              "8b6a49a359675c7386d7599f79aecb3ee3ce65f5b0b872dbb51f46148b9e52a7" } do
        has(out, part)
      end
      has(shell.capture("ls -l " .. shell.quote(path)), "-rw-------")
      local _, err
      code, _, err = run { "file", uploaded, "-o", path }
      assert.equal(1, code)
      has(err, "exists, and nothing is overwritten")
      assert.equal(content, command.slurp(path))
    end)

    it("as JSON is what the module says", function()
      local code, out = run { "file", uploaded, "-o", path, "--json" }
      local result = assert(json.decode(out))
      assert.equal(0, code)
      assert.equal(path, result.path)
      assert.equal(68, result.bytes)
      assert.is_true(result.sha256_checked)
    end)

    it("says when nothing could be checked", function()
      sandbox:call("POST", "request", { approvalRequestId = uploaded, set = { sha256 = "" } })
      local code, out = run { "file", uploaded, "-o", path }
      assert.equal(0, code)
      has(out, "Checked   no: the request tells no SHA-256")
    end)

    for name, case in pairs {
      ["that is another one"] = { { "file", other, "-o" }, "its SHA-256 is" },
      ["that is too large"] = { { "file", uploaded, "--max-bytes", "10", "-o" }, "larger than allowed" },
    } do
      it(name .. " is not kept", function()
        table.insert(case[1], path)
        local code, out, err = run(case[1])
        assert.equal(1, code)
        assert.equal("", out)
        has(err, case[2])
        assert.is_nil(io.open(path))
      end)
    end
  end)

  ------------------------------------------------------------------------------------------------------------------
  -- Failures

  for _, case in ipairs {
    { { "research", own }, 1, "(not_found)" }, { { "research", "acrobat" }, 1, "must be a GUID" },
    { { "research" }, 2, "APPLICATION-ID is missing" },
    { { "file", helper.request_id(1099) }, 1, "(not_found)" }, { { "file", "setup.exe" }, 2, "is no request id" },
    { { "file", updater, "--max-bytes", "9" }, 2, "--max-bytes goes with --output" },
    { { "file", updater, "--output", "-" }, 2, "--output must be a new file" },
    { { "match", helper.request_id(1099) }, 1, "(not_found)" }, { { "match" }, 2, "REQUEST is missing" },
    { { "groups", "--organization", helper.unrelated }, 1, "(forbidden)" },
    { { "groups", "--os", "beos" }, 2, "--os must be one of: windows, mac, linux, windows_xp, all" },
    { { "applications", "--os", "all" }, 2, "--os must be one of: windows, mac, linux, windows_xp\n" },
    { { "applications", "--maintenance", "--search", "x" }, 2, "--search and --maintenance exclude each other" },
    { { "applications", "--maintenance", "--columns", "organization" }, 2, "there is no column 'organization'" },
    { { "organizations", "--columns", "nam" }, 2, "there is no column 'nam' (did you mean name?)" },
    { { "endpoints", "--json", "--columns", "name" }, 2, "--columns is for tables" },
  } do
    it("fails: " .. table.concat(case[1], " "), function()
      local code, out, err = run(case[1])
      assert.equal(case[2], code, err)
      assert.equal("", out)
      has(err, case[3])
    end)
  end

  local asking <const> = { { "applications" }, { "applications", "--maintenance" }, { "organizations" }, { "groups" },
                           { "research", builtin }, { "file", updater }, { "match", updater } }
  for _, arguments in ipairs(asking) do
    local words = table.concat(arguments, " ")

    it("needs a token, which it never shows: " .. words, function()
      local code, _, err = command.run(arguments, { THREATLOCKER_BASE_URL = sandbox.portal })
      assert.equal(1, code)
      has(err, "THREATLOCKER_API_KEY")
      sandbox:switch { token = "revoked" }
      local out
      code, out, err = run { table.unpack(arguments) }
      assert.equal(1, code)
      has(err, "(token)")
      assert.falsy((out .. err):find(sandbox.token, 1, true))
    end)
  end

  it("fails where a list may lack something", function()
    examples.move_list({ sandbox = sandbox }, 7)
    local code, _, err = run { "list" }
    assert.equal(1, code)
    has(err, "the list moved too much while it was read: some requests may be missing")
  end)

  it("names the permission that is missing", function()
    sandbox:switch { permissions = { "View Approvals" } }
    local code, _, err = run { "applications" }
    assert.equal(1, code)
    has(err, "View Application Control Applications")
    has(err, "(permission)")
  end)

  ------------------------------------------------------------------------------------------------------------------
  -- Hostile names

  it("never shows a terminal what a server wants it to do", function()
    local nasty <const> = "evil\27[2J\u{202E}txt\nAPPLICATION \u{200B}\7\u{9B}x"
    local hash <const> = ("ab"):rep(32)
    local computer, group = "0c000000-0000-4000-8000-000000000001", "0d000000-0000-4000-8000-000000000001"
    sandbox:call("POST", "seed", {
      organizations = { { organizationId = helper.msp, name = nasty } },
      groups = { { computerGroupId = group, name = nasty, organizationId = helper.msp, osType = 1 } },
      computers = { { computerId = computer, hostname = nasty, organizationId = helper.msp, computerGroupId = group,
                      osType = 1 } },
      applications = { { applicationId = own, name = nasty, organizationId = helper.msp, osType = 1,
                         match = { hashes = { hash } } } },
      requests = { { approvalRequestId = updater, computerId = computer, actionType = "execute", path = nasty,
                     username = nasty, reason = nasty, hash = hash, dateTime = "2026-06-23T14:05:12Z",
                     file = { content = "x" }, certs = { { subject = nasty, validCert = true } } } },
    })
    for _, arguments in ipairs { { "applications" }, { "applications", "--maintenance" }, { "organizations" },
                                 { "groups" }, { "file", updater }, { "match", updater } } do
      local code, out, err = run(arguments, { COLUMNS = "100" })
      assert.equal(0, code, err)
      has(out, "evil")
      assert.falsy(out:find "[\0-\9\11-\31\127]", out)
      for _, character in ipairs { "\u{202E}", "\u{200B}", "\u{9B}" } do
        assert.falsy(out:find(character, 1, true), out)
      end
      assert.falsy(out:find "\nAPPLICATION [^ N]", out)
      table.insert(arguments, "--json")
      code, out = run(arguments)
      assert.equal(0, code)
      assert.falsy(out:find "[\0-\9\11-\31\127]", out)
    end
  end)
end)
