local examples = require "tests.lua.examples"
local helper = require "tests.lua.helper"
local json = require "dkjson"

local signer <const> = "CN=Example Imaging GmbH, O=Example Imaging GmbH, L=Beispielstadt, C=DE"
local imaging <const> = helper.request_id(1017) -- matches one application of its organization's own
local printer <const> = helper.request_id(1003) -- matches none

describe("approve_by_rule.lua", function()
  local all

  before_each(function() all = examples.start() end)
  after_each(function() all:stop() end)

  local function approve(rules, ...)
    local file <close> = helper.file(rules)
    return all:run("approve_by_rule.lua", file.path, ...)
  end

  it("shows what it would send, and sends nothing", function()
    for _, mode in ipairs { {}, { "--dry-run" } } do
      local code, out, err = approve("signer " .. signer, table.unpack(mode))
      assert.equal(0, code, err)
      assert.equal(1, select(2, out:gsub("preview: ", "")))
      local body = json.decode(assert(examples.line_about(imaging, out):match "preview: (.+)$"))
      assert.equal(imaging, body.approvalRequest.approvalRequestId)
      assert.equal(helper.application_id(203), body.matchingApplications.matchingApplication.applicationId)
      assert.is_true(body.policyLevel.toComputer)
      assert.same({}, all:permits())
    end
    assert.equal("", all:writes())
  end)

  it("sends just that, once", function()
    local code, out, err = approve("signer " .. signer, "--yes")
    assert.equal(0, code, err)
    helper.has(examples.line_about(imaging, out), "  permitted: ")
    assert.equal("1017 permit", all:writes())
    assert.equal(1, #all:permits())
    assert.equal(helper.application_id(203), all:permits()[1].matchingApplications.matchingApplication.applicationId)
    helper.has(all:permits()[1].adminNotes.comments, "Rule: signer " .. signer)
  end)

  it("is idle the next time", function()
    approve("signer " .. signer, "--yes")
    local code, out = approve("signer " .. signer, "--yes")
    assert.equal(0, code)
    assert.falsy(out:find "permitted")
    assert.equal("1017 permit", all:writes())
  end)

  for _, case in ipairs {
    { "an application by its organization and name",
      "application Example Dental Group/Dental Imaging", "1017 permit" },
    { "comments, blanks and line ends of Windows",
      "# ours\r\n\r\n  application Example Dental Group/Dental Imaging \r\n", "1017 permit" },
    { "no application of the same name elsewhere", "application Example Bakery Group/Dental Imaging", "" },
    { "no part of a name", "application Example Dental Group/Dental Imagin", "" },
    { "no built-in application", "application master/Example Notes (Built-In)\n"
      .. "signer Developer ID Application: Example Notes (EX00000001)", "" },
    { "none of several matches", "application Example Dental Group/Field Service App", "" },
    { "nothing without a rule", "", "" },
  } do
    it("takes " .. case[1], function()
      local code, _, err = approve(case[2], "--yes")
      assert.equal(0, code, err)
      assert.equal(case[3], all:writes())
    end)
  end

  it("takes none of two that are both allowed", function()
    local client, hash = all.sandbox:client(), helper.printer_hash
    for name, row in pairs {
      One = { approvalRequestId = printer, organizationId = helper.bakery },
      Two = { approvalRequestId = helper.request_id(1018), organizationId = "0a000000-0000-4000-8000-000000000044" },
    } do
      assert(client:permit(row, { application = "new", name = name, rules = { { hash = hash } } }))
    end
    all:set(helper.request_id(1008), { hash = hash })
    local code, out = approve("application Example Bakery Group/One\napplication Example Bakery Outlet/Two", "--yes")
    assert.equal(0, code)
    helper.has(examples.line_about(helper.request_id(1008), out), "2 applications match")
    assert.equal("1003 permit, 1018 permit", all:writes())
  end)

  it("trusts no certificate that is not valid", function()
    all:set(imaging, { row = { threatLockerActionDto = { certs = { { subject = signer, validCert = false } } } } })
    local code, out = approve("signer " .. signer, "--yes")
    assert.equal(0, code)
    helper.has(examples.line_about(imaging, out), "no rule allows application Example Dental Group/Dental Imaging")
    assert.equal("", all:writes())
  end)

  it("goes on after one request's failure, and tells it", function()
    all.sandbox:fault { match = "MatchingList", kind = "status", status = 500 }
    local code, out = approve("signer " .. signer, "--yes")
    assert.equal(1, code)
    helper.has(out, "left to a person: ")
    assert.equal("1017 permit", all:writes())
  end)

  it("fails where a permit is refused, and sends it once where its reply is lost", function()
    all.sandbox:switch { permissions = { "View Approvals" } }
    local code, out = approve("signer " .. signer, "--yes")
    assert.equal(1, code)
    helper.has(examples.line_about(imaging, out), "  refused: ")
    assert.equal("", all:writes())
    all.sandbox:switch { reset = true }
    all.sandbox:fault { match = "PermitApplication", method = "POST", kind = "drop_after_apply" }
    code, out = approve("signer " .. signer, "--yes")
    assert.equal(0, code, out)
    assert.equal("1017 permit", all:writes())
  end)

  it("permits nothing where the list breaks off", function()
    all:break_list(6)
    local code, out, err = approve("signer " .. signer, "--yes")
    assert.equal(1, code)
    assert.equal("", out)
    examples.is_server_error(err)
    assert.equal("", all:writes())
  end)

  it("refuses what is no rule before it asks anything", function()
    for _, rules in ipairs { "aplication X/Y", "application Y", "signer", "signer " .. signer .. "\nall" } do
      local code, out, err = approve(rules, "--yes")
      assert.equal(1, code)
      assert.equal("", out)
      assert.truthy(err:find "^approve_by_rule: not a rule: [^\n]+\n$", err)
    end
    for _, arguments in ipairs { {}, { "/dev/null", "--no" }, { "/nonexistent/rules" } } do
      local code, _, err = all:run("approve_by_rule.lua", table.unpack(arguments))
      assert.equal(1, code)
      assert.truthy(err:find "^approve_by_rule: [^\n]+\n$", err)
    end
    assert.same({}, all.sandbox:calls "")
  end)

  it("shows hostile text harmlessly", function()
    all:set(imaging, { path = examples.hostile })
    local _, out = approve("signer " .. signer)
    examples.is_harmless(out, 14)
  end)
end)

describe("temporary_permit.lua", function()
  local all

  before_each(function() all = examples.start() end)
  after_each(function() all:stop() end)

  it("permits one file until it expires, and says by what", function()
    local code, out, err = all:run("temporary_permit.lua", printer, "4", "INC-7")
    local now = os.time()
    assert.equal(0, code, err)
    assert.equal("1003 permit", all:writes())
    local body = all:permits()[1]
    assert.equal("INC-7", body.adminNotes.ticket)
    local expires = body.policyExpirationDate
    assert.truthy(math.abs(os.time(os.date("!*t", now)) + 4 * 3600 - os.time {
      year = expires:sub(1, 4), month = expires:sub(6, 7), day = expires:sub(9, 10), hour = expires:sub(12, 13),
      min = expires:sub(15, 16), sec = expires:sub(18, 19), isdst = false,
    }) <= 5, expires)
    local client = all.sandbox:client()
    local row = assert(client:request { approvalRequestId = printer, organizationId = helper.bakery })
    helper.has(out, "policy:      " .. row.policyId .. "\n")
    helper.has(out, "application: " .. row.applicationId .. "\n")
    helper.has(out, "LabelPrinterSetup.exe")
  end)

  it("takes an id in capitals, too", function()
    assert.equal(0, (all:run("temporary_permit.lua", printer:upper(), "1", "INC-7")))
    assert.equal("1003 permit", all:writes())
  end)

  for _, case in ipairs {
    { "an unknown request", { helper.request_id(1), "4", "INC-7" }, "no pending request has the id" },
    { "one that was decided", { helper.request_id(1009), "4", "INC-7" }, "no pending request has the id" },
    { "one of an organization out of reach", { helper.request_id(1099), "4", "INC-7" }, "no pending request" },
    { "an elevation", { helper.request_id(1004), "4", "INC-7" }, "refused: this is an elevation request" },
    { "a storage request", { helper.request_id(1006), "4", "INC-7" }, "rules: hash must be" },
    { "one without json", { helper.request_id(1015), "4", "INC-7" }, "refused: the details have no `json`" },
    { "no ticket", { printer, "4" }, "usage: " },
    { "an empty ticket", { printer, "4", "" }, "usage: " },
    { "no hours", { printer, "0", "INC-7" }, "usage: " },
    { "half hours", { printer, "0.5", "INC-7" }, "usage: " },
    { "years", { printer, "100000", "INC-7" }, "usage: " },
    { "words", { printer, "four", "INC-7" }, "usage: " },
    { "nothing", {}, "usage: " },
    { "a hostile id", { "\27[2J", "4", "INC-7" }, "no pending request has the id \u{FFFD}[2J" },
  } do
    it("fails on " .. case[1], function()
      local code, out, err = all:run("temporary_permit.lua", table.unpack(case[2]))
      assert.equal(1, code)
      assert.equal("", out)
      helper.has(err, "temporary_permit: " .. case[3])
      examples.is_harmless(err, 1)
      assert.equal("", all:writes())
    end)
  end

  it("fails where the permit is refused, or the list breaks off", function()
    all.sandbox:switch { permissions = { "View Approvals" } }
    local code, out, err = all:run("temporary_permit.lua", printer, "4", "INC-7")
    assert.equal(1, code)
    assert.equal("", out)
    helper.has(err, "temporary_permit: refused: ")
    all:break_list(0)
    code, out, err = all:run("temporary_permit.lua", printer, "4", "INC-7")
    assert.equal(1, code)
    assert.equal("", out)
    examples.is_server_error(err)
    assert.equal("", all:writes())
  end)

  it("sends once where the reply is lost", function()
    all.sandbox:fault { match = "PermitApplication", method = "POST", kind = "drop_after_apply" }
    local code, _, err = all:run("temporary_permit.lua", printer, "4", "INC-7")
    assert.equal(0, code, err)
    assert.equal("1003 permit", all:writes())
  end)

  it("shows hostile text harmlessly", function()
    all:set(printer, { path = examples.hostile })
    local code, out = all:run("temporary_permit.lua", printer, "4", "INC-7")
    assert.equal(0, code)
    examples.is_harmless(out, 4)
  end)
end)
